// A tool call as a stream of progress and a result: npx tsx examples/progress.ts [url]
import { HttpConnector, MCPSession } from 'rx-mcp';
import { takeWhile } from 'rxjs';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
const session = new MCPSession(new HttpConnector(server.url));
await session.connect();

// The stream is cold: the call is sent on subscription.
await session.callTool$('long_task', { name: 'build', steps: 4 }).forEach((event) => {
  if (event.kind === 'progress') console.log(`${event.progress} of ${event.total ?? '?'}`);
  if (event.kind === 'result') console.log('result', JSON.stringify(event.result.content));
});

// Unsubscribing before the result, here after two steps, cancels the call on the server.
await session
  .callTool$('long_task', { name: 'endless', steps: 1_000 })
  .pipe(takeWhile((event) => event.kind === 'progress' && event.progress < 2))
  .forEach(() => undefined);
console.log('cancelled');

await session.disconnect();
await server.stop();
