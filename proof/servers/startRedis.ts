import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createClient } from '@redis/client';
import { type Observable, filter, firstValueFrom } from 'rxjs';
import { scratchDir } from '../harness/environment';
import { NothingChecked, type ProofCase } from '../harness/proofCase';
import { processGroup, runProcess, within } from '../harness/processes';

/** A separate `redis-server` on the loopback interface, without persistence. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Kills the server (-9). Its data is lost. */
  kill(): Promise<void>;
  /** Starts the server again after `kill`, empty, on the same port. */
  start(): Promise<void>;
  /** Stops the process (SIGSTOP). Connections stay open, but receive no replies. */
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

const here = { cwd: '.', seconds: 300 };

/** Installs Debian's `redis-server` if necessary. If that fails, returns a case with the reason. */
export async function installedRedis(): Promise<ProofCase | undefined> {
  const isThere = async (): Promise<boolean> => (await runProcess('redis-server', ['--version'], here)).code === 0;
  if (await isThere()) return undefined;
  console.log('installing redis-server, this once');
  await runProcess('apt-get', ['update'], here);
  // The package would start its own server on the default port. This policy prevents that for this command.
  const { output } = await runProcess(
    'sh',
    ['-c', 'RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server'],
    here,
  );
  if (await isThere()) return undefined;
  return {
    name: 'skipped',
    seconds: 1,
    run: () =>
      Promise.reject(new NothingChecked(`no redis-server, and apt-get could not install it: ${lastLine(output)}`)),
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Resolves once a backplane has connected to its store. */
export async function isUp({ status$ }: { status$: Observable<'up' | 'down'> }): Promise<void> {
  await firstValueFrom(status$.pipe(filter((status) => status === 'up')));
}

/** Resolves once a backplane has noticed that its store is unreachable. */
export async function isDown({ status$ }: { status$: Observable<'up' | 'down'> }): Promise<void> {
  await firstValueFrom(status$.pipe(filter((status) => status === 'down')));
}
