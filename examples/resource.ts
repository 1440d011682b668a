// The contents of a resource, then again after each update: npx tsx examples/resource.ts [url]
import { HttpConnector, MCPSession } from 'rx-mcp';
import { firstValueFrom, map, skip } from 'rxjs';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
const session = new MCPSession(new HttpConnector(server.url));
await session.connect();

const uri = 'memo://counter';
const text$ = session.resource$(uri).pipe(map(([content]) => (content && 'text' in content ? content.text : '')));

text$.subscribe((text) => console.log(text));
await firstValueFrom(text$);

// The tool `touch_resource` changes the resource. The server notifies the session, which reads the resource again.
// All subscribers share one subscription on the server and one read per update.
for (let times = 0; times < 2; times++) {
  const updated = firstValueFrom(text$.pipe(skip(1)));
  await session.callTool('touch_resource', { uri });
  await updated;
}

await session.disconnect();
await server.stop();
