import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median } from '../harness/measureRow.mjs';
import { startServer } from '../harness/startServer.mjs';

const cli = fileURLToPath(new URL('../node_modules/rx-mcp/dist/esm/cli/main.js', import.meta.url));
const script = fileURLToPath(new URL('../peers/listTools.mjs', import.meta.url));

/** Milliseconds from the start of the process to its first output; the median of `n` starts. */
export async function list({ program, n }) {
  const server = await startServer();
  const args = program === 'rxMcp' ? [cli, 'list', server.url, 'tools'] : [script, server.url];
  const times = [];
  for (let run = 0; run < n; run++) {
    const startedAt = process.hrtime.bigint();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    times.push(Number(process.hrtime.bigint() - startedAt) / 1e6);
    child.stdout.resume();
    await once(child, 'close');
  }
  await server.stop();
  return { value: median(times) };
}

/** Starts `rx-mcp watch` and floods it with `n` notifications twice: to warm up, and to measure. */
async function flooded(n) {
  const server = await startServer();
  const child = spawn(process.execPath, [cli, 'watch', server.url], { stdio: ['ignore', 'pipe', 'ignore'] });
  let lines = 0;
  child.stdout.on('data', (chunk) => {
    for (const byte of chunk) if (byte === 10) lines++;
  });
  const flood = async (count) => {
    const expected = lines + count;
    server.flood({ n: count });
    while (lines < expected) await once(child.stdout, 'data');
  };
  await server.streamsOpen(1);
  await flood(n);
  const before = residentMegabytes(child.pid);
  const startedAt = process.hrtime.bigint();
  await flood(n);
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  const growth = residentMegabytes(child.pid) - before;
  child.kill('SIGINT');
  await once(child, 'close');
  await server.stop();
  return { growth, rate: n / seconds };
}

/** Notifications per second that `rx-mcp watch` prints. */
export async function watch({ n }) {
  return { value: (await flooded(n)).rate };
}

/** Megabytes that `rx-mcp watch` grows by while it prints `n` notifications, after as many before. */
export async function watchMemory({ n }) {
  return { value: (await flooded(n)).growth };
}

function residentMegabytes(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kilobytes) / 1024;
}
