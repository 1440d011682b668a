// A gateway that serves the tools of another server, with progress and cancellation: npx tsx examples/gateway.ts [url]
import { createServer } from 'node:http';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { MCPServer, toolsOf, toNodeHandler } from 'rx-mcp/server';
import { lastValueFrom, tap } from 'rxjs';
import { givenServer } from '../demo/server/givenServer';

const given = await givenServer();
const upstream = new MCPSession(new HttpConnector(given.url));
await upstream.connect();

// The list is live: a tool that is added upstream is added here.
const gateway = new MCPServer({ name: 'gateway', version: '1.0.0' }, { tools: toolsOf(upstream) });
const http = createServer(toNodeHandler(gateway));
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
const address = http.address();
const port = typeof address === 'object' ? address?.port : undefined;

const session = new MCPSession(new HttpConnector(`http://127.0.0.1:${String(port)}/mcp`));
await session.connect();
console.log('tools', (await session.listTools()).length > 0);
await lastValueFrom(
  session.callTool$('long_task', { name: 'build', steps: 3 }).pipe(
    tap((event) => {
      if (event.kind === 'progress') console.log(`${String(event.progress)} of ${String(event.total)}`);
      if (event.kind === 'result') console.log('result', JSON.stringify(event.result.content));
    }),
  ),
);

await session.disconnect();
await gateway.close();
http.close();
await upstream.disconnect();
await given.stop();
