// The options of a call: npx tsx examples/callOptions.ts [url]
import { HttpConnector, InvalidResultError, MCPSession, RequestCancelledError } from 'rx-mcp';
import { z } from 'zod';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
// `meta` adds members to the `_meta` of every request of the session.
const session = new MCPSession(new HttpConnector(server.url), { meta: () => ({ tenant: 'acme' }), timeout: 20_000 });
session.wire$.subscribe((event) => {
  if (!('message' in event) || !('method' in event.message) || event.message.method !== 'tools/call') return;
  const { tenant, user } = event.message.params?._meta ?? {};
  console.log('sent', JSON.stringify({ tenant, user }));
});
await session.connect();

// `output` parses and types `structuredContent`. The `meta` of a call is merged with that of the session.
const sum = z.object({ sum: z.number() });
const { structuredContent } = await session.callTool('add', { a: 1, b: 2 }, { output: sum, meta: { user: 'ada' } });
console.log('sum', structuredContent.sum + 0.5);

// If the result does not match the schema, the call rejects.
const product = z.object({ product: z.number() });
await session.callTool('add', { a: 1, b: 2 }, { output: product }).catch((error: unknown) => {
  if (error instanceof InvalidResultError) console.log(error.name, JSON.stringify(error.issues[0]?.path));
});

// `onProgress` is called with each progress notification. Aborting the signal cancels the call on the server.
const controller = new AbortController();
const onProgress = ({ progress }: { progress: number }): void => {
  console.log('step', progress);
  if (progress === 2) controller.abort('enough');
};
const call = session.callTool('long_task', { steps: 100 }, { onProgress, signal: controller.signal, timeout: 5_000 });
await call.catch((error: unknown) => error instanceof RequestCancelledError && console.log(error.name));

await session.disconnect();
await server.stop();
