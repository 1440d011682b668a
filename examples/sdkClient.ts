// A client of the MCP SDK that survives a restart of its server: npx tsx examples/sdkClient.ts [url]
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { givenServer } from '../demo/server/givenServer';

const server = await givenServer();
const session = new MCPSession(new HttpConnector(server.url));

const client = new Client({ name: 'example', version: '1.0.0' });
await client.connect(session.transport());

async function echo(text: string): Promise<void> {
  const { content } = await client.callTool({ name: 'echo', arguments: { text } });
  console.log(JSON.stringify(content));
}

await echo('before');
await server.restart?.();
await echo('after');

await client.close();
await session.disconnect();
await server.stop();
