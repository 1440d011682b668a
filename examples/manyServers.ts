// The notifications of an HTTP and a stdio server as one stream: npx tsx examples/manyServers.ts [url]
import { MCPClient } from 'rx-mcp';
import { distinct, filter, take } from 'rxjs';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
const client = new MCPClient({
  mcpServers: {
    remote: { url: server.url },
    local: { command: process.execPath, args: ['--import', 'tsx', 'demo/server/main.ts', '--stdio'] },
  },
});

// Each notification has the name of its server. This stream completes after one heartbeat per server.
const beats$ = client.notifications$.pipe(
  filter(({ notification }) => notification.method === 'custom/heartbeat'),
  distinct(({ server }) => server),
  take(2),
);
const both = beats$.forEach(({ server, notification }) => console.log(`${server}: ${notification.method}`));

// Connects to all servers concurrently.
await client.createAllSessions();
for (const [name, session] of client.sessions) {
  const tools = await session.listTools();
  console.log(`${name}: ${tools.length} tools`);
}
await both;

await client.closeAllSessions();
await server.stop();
