// Notifications of one method as a stream: npx tsx examples/heartbeat.ts [url]
import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { lastValueFrom, map, take, tap } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));

// Subscribe before connecting to miss nothing.
const beats$ = session.notifications$.pipe(
  ofMethod('custom/heartbeat'),
  map(({ params }) => params?.['count']),
  tap((count) => console.log(`heartbeat ${String(count)}`)),
  take(3),
);
const enough = lastValueFrom(beats$);

await session.connect();
await enough;

await session.disconnect();
await server.stop();
