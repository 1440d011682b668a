// The example server written with rx-mcp/server: `npx tsx demo/server/main.ts [--port n] [--heartbeat ms] [--origin url]
// [--stdio]`.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { toNodeHandler } from 'rx-mcp/server';
import { admit } from './admit';
import { createExampleServer } from './createExampleServer';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    heartbeat: { type: 'string', default: '0' },
    origin: { type: 'string' },
    stdio: { type: 'boolean', default: false },
  },
});
const server = createExampleServer({ heartbeat: Number(values.heartbeat) });

async function serveHttp(): Promise<void> {
  const handle = toNodeHandler(server);
  const http = createServer((request, response) => {
    if (!admit(request, response, values.origin)) response.writeHead(403).end();
    else if (request.method === 'OPTIONS') response.writeHead(204).end();
    else handle(request, response);
  });
  http.listen(Number(values.port), '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  console.log(JSON.stringify({ listening: `http://127.0.0.1:${port}/mcp` }));
  const shutDown = (): void => void server.close().finally(() => process.exit(0));
  process.once('SIGTERM', shutDown);
  process.once('SIGINT', shutDown);
  // The parent process has exited.
  process.once('disconnect', () => process.exit(0));
}

if (values.stdio) {
  await server.connect(new StdioServerTransport());
  await server.close();
} else {
  await serveHttp();
}
