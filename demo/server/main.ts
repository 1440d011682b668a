// The example server: `npx tsx demo/server/main.ts [--port n] [--heartbeat ms] [--era legacy|modern] [--origin url] [--stdio]`.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { toNodeHandler } from 'rx-mcp/server';
import { admit } from './admit';
import { createExampleServer, type ExampleServerOptions } from './createExampleServer';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    heartbeat: { type: 'string', default: '250' },
    era: { type: 'string' },
    origin: { type: 'string' },
    stdio: { type: 'boolean', default: false },
  },
});
const server = createExampleServer({ heartbeat: wholeNumber('heartbeat'), eras: eras(values.era) });

process.once('SIGTERM', shutDown);
process.once('SIGINT', shutDown);
// The parent process has exited.
process.once('disconnect', () => process.exit(0));
if (values.stdio) await serveStdio();
else await serveHttp();

async function serveHttp(): Promise<void> {
  const handle = toNodeHandler(server);
  const http = createServer((request, response) => {
    if (!admit(request, response, values.origin)) response.writeHead(403).end();
    else if (request.url !== '/mcp') response.writeHead(404).end();
    else if (request.method === 'OPTIONS') response.writeHead(204).end();
    else handle(request, response);
  });
  http.listen(wholeNumber('port'), '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  console.log(JSON.stringify({ listening: `http://127.0.0.1:${port}/mcp` }));
}

/** Serves one client, until it closes standard input. */
async function serveStdio(): Promise<void> {
  await server.connect(new StdioServerTransport());
  await server.close();
}

/** Announces the end to all clients, ends their sessions and exits. */
function shutDown(): void {
  // A client that reads nothing must not keep the process running.
  setTimeout(() => process.exit(0), 1_000).unref();
  void server
    .notify('custom/bye')
    .then(() => server.close())
    .finally(() => process.exit(0));
}

function eras(era = 'both'): ExampleServerOptions['eras'] {
  if (era === 'both' || era === 'legacy' || era === 'modern') return era;
  throw new TypeError(`--era: expected legacy or modern, got "${era}"`);
}

function wholeNumber(name: 'port' | 'heartbeat'): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new TypeError(`--${name}: expected a whole number, got "${values[name]}"`);
}
