import { join } from 'node:path';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { cells, prepare } from '../frameworks/cells';
import { type Framework, frameworks } from '../frameworks/table';
import { installed, nodeOf, rootDir } from '../harness/environment';
import { succeeded } from '../harness/processes';
import { type CaseGroup, runCases } from '../harness/runCases';
import { type HttpServer, startHttpServer } from '../servers/startHttpServer';

// Servers written with popular frameworks. Some of them require a newer Node than the library.
const cwd = join(rootDir, 'proof', 'frameworks');
await installed(cwd);
const node = nodeOf(24);
Object.assign(process.env, { MCP_USE_ANONYMIZED_TELEMETRY: 'false', XMCP_TELEMETRY_DISABLED: '1' });
// xmcp compiles its tools and resources into a program.
await succeeded(node, ['../node_modules/xmcp/dist/cli.js', 'build'], join(cwd, 'xmcp'));
/** Prefixes of the framework names to run. Default: all. */
const only = process.env['FRAMEWORK'];

/** Runs every cell with one session, on one server. */
function groupOf({ name, args, path = '/mcp', isModern = false, lacks = {} }: Framework): CaseGroup {
  let server: HttpServer | undefined;
  let session: MCPSession | undefined;
  const engine = isModern ? modern({ negotiation: 'modern' }) : undefined;

  function open(): MCPSession {
    if (!server) throw new Error('the server did not start');
    const reconnect = { initialDelay: 100, maxDelay: 500 };
    return prepare(
      new MCPSession(new HttpConnector(server.url, { reconnect, engine }), {
        capabilities: { elicitation: { form: {} } },
        timeout: 5_000,
      }),
    );
  }
  async function connected(): Promise<{ server: HttpServer; session: MCPSession }> {
    server ??= await startHttpServer({ node, cwd, path, args });
    session ??= open();
    await session.connect();
    return { server, session };
  }
  return {
    cases: cells.map((cell) => {
      const reason = lacks[cell.name];
      return {
        name: `${name}: ${cell.name}`,
        seconds: cell.name === 'connect' ? 40 : 20,
        expected: reason === undefined ? undefined : { reason, message: /^/ },
        run: async () => {
          const context = await connected();
          return cell.check(context.session, { open, server: context.server });
        },
      };
    }),
    close: async () => {
      await session?.disconnect();
      await server?.stop();
    },
  };
}

await runCases(
  'frameworks',
  frameworks.filter(({ name }) => only === undefined || name.startsWith(only)).map(groupOf),
  { atOnce: 2 },
);
