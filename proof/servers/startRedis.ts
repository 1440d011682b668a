import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createClient } from '@redis/client';
import { processGroup } from '../harness/processGroup';
import { scratchDir } from '../harness/directories';
import { within } from '../harness/within';

/** A `redis-server` of its own, on the loopback interface, which keeps nothing on disk. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Kills it (-9): what it held is lost. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, empty, on the same port. */
  start(): Promise<void>;
  /** Stops its process where it is (SIGSTOP): connections stay open, and get no replies. */
  pause(): void;
  resume(): void;
  /** Makes a replica a primary. */
  promote(): Promise<void>;
}

/** Starts a `redis-server` on a free port. */
export async function startRedis(extra: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess;

  async function start(): Promise<void> {
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      scratchDir(),
    ];
    child = processGroup.start('redis-server', [...args, ...extra], { stdio: ['ignore', 'pipe', 'inherit'] });
    await within(20, ready(child));
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      processGroup.kill(child);
      await ended;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async promote() {
      const admin = await createClient({ socket: { port } }).connect();
      await admin.sendCommand(['REPLICAOF', 'NO', 'ONE']);
      admin.destroy();
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  let log = '';
  for await (const chunk of child.stdout ?? []) {
    log += String(chunk);
    if (!log.includes('Ready to accept connections')) continue;
    return;
  }
  throw new Error(`redis-server ended: ${log}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
