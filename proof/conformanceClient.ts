import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { authorized } from './conformance/authorized';
import { defaultsOf } from './conformance/defaultsOf';
import { providerFor } from './conformance/providerFor';
import type { ScenarioContext } from './conformance/scenarioContext';

// The client that the conformance suite runs: its last argument is the server's URL, the rest comes in the environment.
const url = process.argv.at(-1)!;
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const isModern = process.env['MCP_CONFORMANCE_PROTOCOL_VERSION'] === '2026-07-28';
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as ScenarioContext;

/** What a tool is called with: what the scenarios say where they say something, and nothing otherwise. */
const argumentsOf: Record<string, Record<string, unknown>> = { add_numbers: { a: 5, b: 3 } };
for (const call of context.toolCalls ?? []) argumentsOf[call.name] = call.arguments;

/** The scenario whose server has a tool, but nobody to call it. */
const isForListing = scenario === 'json-schema-ref-no-deref';

const engine = isModern ? modern({ negotiation: 'modern' }) : undefined;
const provider = providerFor(scenario, context);
const session = new MCPSession(new HttpConnector(url, { authProvider: provider, engine }), { timeout: 10_000 });
session.handle('elicitation/create', ({ params }) => [{ action: 'accept', content: defaultsOf(params) }]);
const authorizing = { session, serverUrl: url, provider, isModern };
const failures: unknown[] = [];

try {
  const tools = await authorized(authorizing, () => session.listTools());
  // One scenario has the client send back the schema of another tool, to see what has become of it.
  const echo = tools.find(({ name }) => name === 'json_schema_echo');
  if (echo) argumentsOf[echo.name] = { schema: tools.find((tool) => tool !== echo)?.inputSchema };
  for (const { name } of isForListing ? [] : tools) {
    try {
      await authorized(authorizing, () => session.callTool(name, argumentsOf[name] ?? {}));
    } catch (error) {
      // One call that fails does not keep the suite from seeing the others.
      failures.push(error);
    }
  }
} finally {
  await session.disconnect();
}
if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));
