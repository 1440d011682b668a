import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { heapInUse } from '../harness/heap.mjs';
import * as servers from '../peers/servers.mjs';

/** Starts a server in this process and its clients in another one. */
async function start(peer, work = { n: 0 }) {
  const { handler, notify, register } = servers[peer](work);
  const http = createServer((request, response) => void handler(request, response));
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const sink = fork(fileURLToPath(new URL('../servers/sink.mjs', import.meta.url)));
  const answer = (expected) =>
    new Promise((resolve) => {
      const onMessage = (message) => {
        if (message !== expected) return;
        sink.off('message', onMessage);
        resolve();
      };
      sink.on('message', onMessage);
    });
  const ask = (command, params = {}) => {
    const answered = answer(command);
    sink.send({ command, ...params });
    return answered;
  };
  await ask('url', { url: `http://127.0.0.1:${http.address().port}/mcp` });
  const changes = () =>
    new Promise((resolve) => {
      sink.on('message', (message) => message.changes !== undefined && resolve(message.changes));
      sink.send({ command: 'changes' });
    });
  const stop = async () => {
    sink.kill();
    http.closeAllConnections();
    http.close();
  };
  return { notify, register, ask, changes, answer, stop };
}

/** Counts the `list_changed` notifications that a client receives for `n` tools registered within 50 ms. */
export async function registrations({ peer, n }) {
  const { register, ask, changes, stop } = await start(peer);
  await ask('open', { count: 1, listening: true });
  for (let index = 0; index < n; index++) register(`added${index}`);
  await setTimeout(1_000);
  const value = await changes();
  await stop();
  return { value };
}

/** Runs work. Returns the microseconds, and the milliseconds of CPU time, per unit. */
async function timed(units, run) {
  const startedUsing = process.cpuUsage();
  const startedAt = process.hrtime.bigint();
  await run();
  const value = Number(process.hrtime.bigint() - startedAt) / 1000 / units;
  const { user, system } = process.cpuUsage(startedUsing);
  return { value, cpu: (user + system) / 1000 / units };
}

/** Measures the microseconds per delivery of `n` notifications to each of `sessions`. */
export async function broadcast({ peer, n, sessions = 1_000 }) {
  const { notify, ask, answer, stop } = await start(peer);
  await ask('open', { count: sessions, listening: true });
  const all = async (count) => {
    await ask('expect');
    const done = answer('done');
    for (let index = 1; index <= count; index++) await notify({ index, text: 'x'.repeat(100), last: index === count });
    await done;
  };
  await all(Math.ceil(n / 5));
  const measured = await timed(n * sessions, () => all(n));
  await stop();
  return measured;
}

/** Measures the microseconds per progress notification of one call. */
export async function progress({ peer, n }) {
  const work = { n: Math.ceil(n / 5), text: 'step', isAwaited: true };
  const { ask, stop } = await start(peer, work);
  await ask('open', { count: 1 });
  await ask('call');
  work.n = n;
  const measured = await timed(n, () => ask('call'));
  await stop();
  return measured;
}

/** Measures the kilobytes of heap of an idle session, of `n` sessions. */
export async function hold({ peer, n, listening }) {
  const { ask, stop } = await start(peer);
  await ask('open', { count: 20, listening });
  const before = await heapInUse();
  await ask('open', { count: n, listening });
  const value = ((await heapInUse()) - before) / n / 1024;
  await stop();
  return { value };
}

/** Measures the microseconds of CPU time to start a session. */
export async function begin({ peer, n }) {
  const { ask, stop } = await start(peer);
  await ask('open', { count: Math.ceil(n / 5) });
  const { cpu } = await timed(n, () => ask('open', { count: n }));
  await stop();
  return { value: cpu * 1000 };
}

/** Measures the megabytes of memory growth while a client does not read a call with `n` progress notifications of a kilobyte. */
export async function slow({ peer, n }) {
  const { ask, stop } = await start(peer, { n, text: 'x'.repeat(1_000), isAwaited: false });
  await ask('open', { count: 1 });
  const before = await memoryInUse();
  await ask('call', { read: false });
  await setTimeout(n / 50);
  const value = ((await memoryInUse()) - before) / 1024 / 1024;
  await stop();
  return { value };
}

async function memoryInUse() {
  const heap = await heapInUse();
  const { external } = process.memoryUsage();
  return heap + external;
}
