import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { filter, firstValueFrom, map } from 'rxjs';

/** Starts a Redis, two nodes, and a session whose requests go to one node and whose stream is at the other. */
async function start() {
  const directory = await mkdtemp(join(tmpdir(), 'bench-redis-'));
  const socket = join(directory, 'redis.sock');
  const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', directory];
  const redis = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const text of redis.stdout) if (String(text).includes('accept connections')) break;
  redis.stdout.destroy();
  process.once('exit', () => redis.kill('SIGKILL'));

  const program = fileURLToPath(new URL('../servers/node.mjs', import.meta.url));
  const nodes = [0, 1].map(() => fork(program, [socket], { execArgv: [] }));
  const [requests, stream] = (await Promise.all(nodes.map((node) => once(node, 'message')))).map(([url]) => url);
  const session = new MCPSession(
    new HttpConnector(requests, {
      fetch: (url, init) => fetch(init?.method === 'GET' ? stream : url, init),
    }),
  );
  await session.connect();
  return {
    session,
    async stop() {
      await session.disconnect();
      for (const child of [...nodes, redis]) child.kill('SIGKILL');
      await rm(directory, { recursive: true });
    },
  };
}

/** Calls a tool that sends notifications to its own session. Returns the milliseconds until the last one has arrived. */
async function send(session, count) {
  const startedAt = performance.now();
  const last = session.notifications$.pipe(
    ofMethod('bench/tick'),
    filter(({ params }) => params.last),
    map(() => performance.now() - startedAt),
  );
  const [ms] = await Promise.all([firstValueFrom(last), session.callTool('send', { count })]);
  return ms;
}

/** Measures the median of the milliseconds between a request at one node and the notification at another. */
export async function latency({ n }) {
  const { session, stop } = await start();
  const times = [];
  for (let turn = 0; turn < n + 50; turn++) {
    times.push(await send(session, 1));
  }
  await stop();
  return { value: times.slice(50).sort((a, b) => a - b)[Math.floor(n / 2)] };
}

/** Measures the microseconds per notification that is sent at one node and received from another. */
export async function rate({ n }) {
  const { session, stop } = await start();
  await send(session, Math.ceil(n / 5));
  const value = ((await send(session, n)) * 1_000) / n;
  await stop();
  return { value };
}
