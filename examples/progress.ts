// A tool call as a stream of progress and a result: npx tsx examples/progress.ts [url]
import { HttpConnector, MCPSession } from 'rx-mcp';
import { lastValueFrom, takeWhile, tap } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));
await session.connect();

// The stream is cold, so subscribing makes the call.
const build$ = session.callTool$('long_task', { name: 'build', steps: 4 });
await lastValueFrom(
  build$.pipe(
    tap((event) => {
      if (event.kind === 'progress') console.log(`${String(event.progress)} of ${String(event.total)}`);
      if (event.kind === 'result') console.log('result', JSON.stringify(event.result.content));
    }),
  ),
);

// Unsubscribing before the result cancels the call on the server.
const impatient$ = session.callTool$('long_task', { name: 'endless', steps: 1_000 });
await lastValueFrom(impatient$.pipe(takeWhile((event) => event.kind === 'progress' && event.progress < 2)));
console.log('cancelled');

await session.disconnect();
await server.stop();
