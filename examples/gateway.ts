// A gateway that serves the tools of another server, with progress and cancellation: npx tsx examples/gateway.ts [url]
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { MCPServer, toolsOf, toNodeHandler } from 'rx-mcp/server';
import { exampleServer } from '../demo/server/exampleServer';

const upstreamServer = await exampleServer();
const upstream = new MCPSession(new HttpConnector(upstreamServer.url));
await upstream.connect();

// The list is live: a tool that is added upstream is added to the gateway.
const gateway = new MCPServer({ name: 'gateway', version: '1.0.0' }, { tools: toolsOf(upstream) });
const http = createServer(toNodeHandler(gateway)).listen(0, '127.0.0.1');
await once(http, 'listening');
const { port } = http.address() as AddressInfo;

// A client of the gateway.
const session = new MCPSession(new HttpConnector(`http://127.0.0.1:${port}/mcp`));
await session.connect();
console.log('tools', (await session.listTools()).length > 0);
await session.callTool$('long_task', { name: 'build', steps: 3 }).forEach((event) => {
  if (event.kind === 'progress') console.log(`${event.progress} of ${event.total ?? '?'}`);
  if (event.kind === 'result') console.log('result', JSON.stringify(event.result.content));
});

await session.disconnect();
await gateway.close();
http.close();
await upstream.disconnect();
await upstreamServer.stop();
