// Notifications of one method as a typed stream: npx tsx examples/heartbeat.ts [url]
import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { take } from 'rxjs';
import { z } from 'zod';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
const session = new MCPSession(new HttpConnector(server.url));

const heartbeat = z.object({ count: z.number() });
const beats$ = session.notifications$.pipe(ofMethod('custom/heartbeat', heartbeat), take(3));

// `forEach` subscribes. Subscribe before connecting to miss nothing.
const done = beats$.forEach(({ params }) => console.log(`heartbeat ${params.count}`));
await session.connect();
await done;

await session.disconnect();
await server.stop();
