// The notifications of an HTTP and a stdio server as one stream: npx tsx examples/manyServers.ts [url]
import { MCPClient } from 'rx-mcp';
import { distinct, filter, lastValueFrom, take, tap } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const client = new MCPClient({
  mcpServers: {
    remote: { url: server.url },
    local: { command: process.execPath, args: ['--import', 'tsx', 'demo/server/main.ts', '--stdio'] },
  },
});

// Each notification has the name of its server. One heartbeat per server is sufficient here.
const beats$ = client.notifications$.pipe(
  filter(({ notification }) => notification.method === 'custom/heartbeat'),
  distinct(({ server }) => server),
  take(2),
  tap(({ server, notification }) => console.log(`${server}: ${notification.method}`)),
);
const both = lastValueFrom(beats$);

// Connects concurrently. Subscribe to `client.session(name)` before this to miss nothing.
await client.createAllSessions();
for (const [name, session] of client.sessions) {
  console.log(`${name}: ${String((await session.listTools()).length)} tools`);
}
await both;

await client.closeAllSessions();
await server.stop();
