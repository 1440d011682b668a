// The contents of a resource, then again after each update: npx tsx examples/resource.ts [url]
import { HttpConnector, MCPSession } from 'rx-mcp';
import { concatMap, firstValueFrom, lastValueFrom, map, of, take, tap } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));
await session.connect();

const uri = 'memo://counter';
const touch = () => session.callTool('touch_resource', { uri });

const text$ = session.resource$(uri).pipe(
  map(([content]) => (content && 'text' in content ? content.text : '')),
  tap((text) => console.log(text)),
);

// The first two reads make the server change the resource. Its notification triggers the next read.
const three = lastValueFrom(
  text$.pipe(
    concatMap((text, index) => (index < 2 ? touch() : of(text))),
    take(3),
  ),
);
// All subscribers share one subscription on the server, which ends with the last of them.
await Promise.all([three, firstValueFrom(session.resource$(uri))]);

await session.disconnect();
await server.stop();
