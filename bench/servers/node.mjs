// Runs a node of a server on a Redis: node node.mjs REDIS_SOCKET
import { createServer } from 'node:http';
import { redisBackplane } from 'rx-mcp/redis';
import { MCPServer, tool, toNodeHandler } from 'rx-mcp/server';

const send = tool('send', {}, ({ count }, { session }) => {
  for (let index = 1; index <= count; index++) void session.notify('bench/tick', { index, last: index === count });
  return 'done';
});
const server = new MCPServer(
  { name: 'bench', version: '1.0.0' },
  {
    tools: [send],
    replay: { events: 20_000 },
    backplane: redisBackplane({ socket: { path: process.argv[2] } }, { events: 20_000 }),
  },
);
const http = createServer(toNodeHandler(server));
http.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${http.address().port}/mcp`));
process.once('disconnect', () => process.exit());
