// Refetching the list of tools on each change, with RxJS alone: npx tsx examples/liveTools.ts [url]
import { HttpConnector, listChanged, MCPSession } from 'rx-mcp';
import { firstValueFrom, map, merge, share, switchMap, tap } from 'rxjs';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
const session = new MCPSession(new HttpConnector(server.url));

// Fetches once per connection and once per change. A change during a fetch cancels the fetch and starts another one.
// `session.tools$` does the same, retries failed fetches, and shares the list with later subscribers.
const tools$ = merge(session.connections$, session.notifications$.pipe(listChanged('tools'))).pipe(
  switchMap(() => session.listTools()),
  map((tools) => tools.some(({ name }) => name === 'weather')),
  tap((found) => console.log(found ? 'with weather' : 'without weather')),
  share(),
);
const watching = tools$.subscribe();

await Promise.all([firstValueFrom(tools$), session.connect()]);

// The tool `toggle_tool` adds or removes a tool, and the server announces the change.
for (let times = 0; times < 2; times++) {
  await Promise.all([firstValueFrom(tools$), session.callTool('toggle_tool', { name: 'weather' })]);
}

watching.unsubscribe();
await session.disconnect();
await server.stop();
