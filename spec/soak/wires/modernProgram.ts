// A server of protocol 2026-07-28 that the soak controls: node modernProgram.mjs PORT
import { createMcpHandler } from '@modelcontextprotocol/server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createServer } from 'node:http';
import { listen } from '../../rig/listen';
import { createModernServer, createWorld } from '../../rig/modernServer/createModernServer';
import type { ModernOrder } from './startModernProcess';

const world = createWorld();
const { fetch, notify } = createMcpHandler(() => createModernServer(world), { keepAliveMs: 250, legacy: 'reject' });
const handle = toNodeHandler({ fetch });
let refusal: number | undefined;

const server = createServer((request, response) => {
  if (refusal !== undefined) response.writeHead(refusal, { 'content-type': 'text/html' }).end('<html>deploying</html>');
  else void handle(request, response);
});
process.on('message', (order: ModernOrder) => {
  if ('uris' in order) order.uris.forEach((uri) => notify.resourceUpdated(uri));
  else refusal = order.refuse ?? undefined;
  process.send?.({ done: order.id });
});
process.once('disconnect', () => process.exit(0));

const { port } = await listen(server, Number(process.argv[2]));
process.send?.({ port });
