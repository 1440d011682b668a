// The list of tools, fetched again each time it changes: npx tsx examples/liveTools.ts [url]
import { HttpConnector, listChanged, MCPSession } from 'rx-mcp';
import { concatMap, lastValueFrom, map, merge, of, switchMap, take, tap } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));

// Once for each connection, for it may have another list; then once for each change. A later change overtakes a fetch.
const tools$ = merge(session.connections$, session.notifications$.pipe(listChanged('tools'))).pipe(
  switchMap(() => session.listTools()),
  map((tools) => tools.map(({ name }) => name)),
);

// The server adds a tool of that name, or takes it away again.
const toggle = () => session.callTool('toggle_tool', { name: 'weather' });

const lists = tools$.pipe(
  tap((names) => console.log(names.includes('weather') ? 'with weather' : 'without weather')),
  // The first two lists cause the one after them.
  concatMap((names, index) => (index < 2 ? toggle() : of(names))),
  take(3),
);
await Promise.all([lastValueFrom(lists), session.connect()]);

await session.disconnect();
await server.stop();
