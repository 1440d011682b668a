// A client of the MCP SDK that survives a restart of its server: npx tsx examples/sdkClient.ts [url]
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { exampleServer } from '../demo/server/exampleServer';

const server = await exampleServer();
const session = new MCPSession(new HttpConnector(server.url));

// Connects the session as well.
const client = new Client({ name: 'example', version: '1.0.0' });
await client.connect(session.transport());

for (const text of ['before', 'after']) {
  const { content } = await client.callTool({ name: 'echo', arguments: { text } });
  console.log(JSON.stringify(content));
  if (text === 'before') await server.restart?.();
}

await client.close();
await session.disconnect();
await server.stop();
