// Refetching the list of tools on each change: npx tsx examples/liveTools.ts [url]
import { HttpConnector, listChanged, MCPSession } from 'rx-mcp';
import { concatMap, lastValueFrom, map, merge, of, switchMap, take, tap } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));

// Fetches once per connection, whose list may differ, then once per change. A later change cancels a pending fetch.
const tools$ = merge(session.connections$, session.notifications$.pipe(listChanged('tools'))).pipe(
  switchMap(() => session.listTools()),
  map((tools) => tools.map(({ name }) => name)),
);

// The server adds or removes a tool with that name.
const toggle = () => session.callTool('toggle_tool', { name: 'weather' });

const lists = tools$.pipe(
  tap((names) => console.log(names.includes('weather') ? 'with weather' : 'without weather')),
  // The first two lists trigger the next one.
  concatMap((names, index) => (index < 2 ? toggle() : of(names))),
  take(3),
);
await Promise.all([lastValueFrom(lists), session.connect()]);

await session.disconnect();
await server.stop();
