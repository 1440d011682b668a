// The options of a call: npx tsx examples/callOptions.ts [url]
import { HttpConnector, InvalidResultError, MCPError, MCPSession } from 'rx-mcp';
import { filter } from 'rxjs';
import { z } from 'zod';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
// `meta` adds members to the `_meta` of every request of the session.
const session = new MCPSession(new HttpConnector(server.url), { meta: () => ({ tenant: 'acme' }), timeout: 20_000 });
session.wire$.pipe(filter((event) => 'dir' in event && event.dir === 'out')).subscribe((event) => {
  if (!('message' in event) || !('method' in event.message) || event.message.method !== 'tools/call') return;
  const { tenant, user } = event.message.params?._meta ?? {};
  console.log('sent', JSON.stringify({ tenant, user }));
});
await session.connect();

// `output` parses and types `structuredContent`. The `meta` of a call is merged into that of the session.
const output = z.object({ sum: z.number() });
const { structuredContent } = await session.callTool('add', { a: 1, b: 2 }, { output, meta: { user: 'ada' } });
console.log('sum', structuredContent.sum + 0.5);

// A result that does not match the schema fails the call.
const other = { output: z.object({ product: z.number() }) };
const error = await session.callTool('add', { a: 1, b: 2 }, other).catch((reason: unknown) => reason);
if (error instanceof InvalidResultError) console.log(error.name, JSON.stringify(error.issues[0]?.path));

// `onProgress` receives progress. Aborting the signal also cancels the call on the server.
const controller = new AbortController();
const onProgress = ({ progress }: { progress: number }): void => {
  console.log('step', progress);
  if (progress === 2) controller.abort('enough');
};
const call = session.callTool('long_task', { steps: 100 }, { onProgress, signal: controller.signal, timeout: 5_000 });
console.log(await call.catch((reason: unknown) => (reason instanceof MCPError ? reason.name : 'failed')));

await session.disconnect();
await server.stop();
