// A node of a server in its own process: node nodeProgram.cjs REDIS_URL [CLOCK_SHIFT_MS]
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MCPServer, progress, tool, toNodeHandler } from 'rx-mcp/server';
import { redisBackplane } from 'rx-mcp/redis';
import { concat, interval, map, of, take } from 'rxjs';

const [, , url = '', shift = '0'] = process.argv;
const now = Date.now;
Date.now = () => now() + Number(shift);

const server = new MCPServer(
  { name: 'node', version: '1.0.0' },
  {
    tools: [
      tool('whoami', {}, (_, { session }) => ({ session: session?.id, pid: process.pid })),
      tool('steps', {}, ({ count, delay }: Record<string, unknown>) =>
        concat(
          interval(Number(delay)).pipe(
            take(Number(count)),
            map((step) => progress(step + 1)),
          ),
          of('done'),
        ),
      ),
    ],
    replay: { events: 10_000 },
    keepAlive: 1_000,
    backplane: redisBackplane({ url }, { events: 10_000 }),
  },
);
let lastError = '';
server.errors$.subscribe(({ message }) => (lastError = message));
server.status$.subscribe((status) => process.send?.({ status, lastError, heap: process.memoryUsage().heapUsed }));

const http = createServer(toNodeHandler(server));
http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }));

process.once('SIGTERM', () => {
  void server.close({ grace: 500 }).then(() => {
    http.close();
    http.closeIdleConnections();
    setTimeout(() => process.exit(0), 200);
  });
});
process.once('disconnect', () => process.exit(0));
