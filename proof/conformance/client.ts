import { auth as authModern } from '@modelcontextprotocol/client';
import { auth, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { HttpConnector, MCPSession, type RequestMap, UnauthorizedError } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { CodeProvider, providerFor, type ScenarioContext } from './providers';

// The client that the conformance suite runs. Its last argument is the server's URL. Environment variables contain everything
// else.
const url = process.argv.at(-1)!;
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const isModern = process.env['MCP_CONFORMANCE_PROTOCOL_VERSION'] === '2026-07-28';
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as ScenarioContext;

/** The arguments by tool. A tool without an entry is called without arguments. */
const argumentsOf: Record<string, Record<string, unknown>> = { add_numbers: { a: 5, b: 3 } };
for (const call of context.toolCalls ?? []) argumentsOf[call.name] = call.arguments;

/** Whether the scenario only lists tools. Its server does not respond to a call. */
const isForListing = scenario === 'json-schema-ref-no-deref';

const engine = isModern ? modern({ negotiation: 'modern' }) : undefined;
const provider = providerFor(scenario, context);
const session = new MCPSession(new HttpConnector(url, { authProvider: provider, engine }), { timeout: 10_000 });
session.handle('elicitation/create', ({ params }) => [{ action: 'accept', content: defaultsOf(params) }]);
const authorizing = { session, serverUrl: url, provider, isModern };
const failures: unknown[] = [];

/** The maximum number of redirects per action, after which its error is final. */
const maxRedirects = 2;

try {
  const tools = await authorized(authorizing, () => session.listTools());
  // One scenario checks a tool's schema, which the client must send back.
  const echo = tools.find(({ name }) => name === 'json_schema_echo');
  if (echo) argumentsOf[echo.name] = { schema: tools.find((tool) => tool !== echo)?.inputSchema };
  for (const { name } of isForListing ? [] : tools) {
    try {
      await authorized(authorizing, () => session.callTool(name, argumentsOf[name] ?? {}));
    } catch (error) {
      // The suite checks the other calls even if one fails.
      failures.push(error);
    }
  }
} finally {
  await session.disconnect();
}
if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));

/** A session that may need authorization. */
interface AuthorizedContext {
  readonly session: MCPSession;
  readonly serverUrl: string;
  readonly provider: OAuthClientProvider | undefined;
  /** Whether to follow the rules of protocol 2026-07-28. */
  readonly isModern: boolean;
}

/** Connects and runs an action. After an `UnauthorizedError`, authorizes and tries again. */
async function authorized<T>(
  { session, serverUrl, provider, isModern }: AuthorizedContext,
  action: () => Promise<T>,
): Promise<T> {
  for (let redirects = 0; ; redirects++) {
    try {
      await session.connect();
      return await action();
    } catch (error) {
      const canAuthorize = provider instanceof CodeProvider && error instanceof UnauthorizedError;
      const answer = canAuthorize ? provider.takeAnswer() : undefined;
      if (!canAuthorize || answer === undefined || redirects === maxRedirects) throw error;
      await (isModern ? authModern : auth)(provider, { serverUrl, ...answer });
    }
  }
}

type Elicitation = RequestMap['elicitation/create'];

/** Returns the content of a form that the user accepts unchanged: the default of every field that has one. */
function defaultsOf(params: Elicitation['request']['params']): Elicitation['result']['content'] {
  if (!('requestedSchema' in params)) return undefined;
  return Object.fromEntries(
    Object.entries(params.requestedSchema.properties).flatMap(([name, field]) =>
      field.default === undefined ? [] : [[name, field.default]],
    ),
  );
}
