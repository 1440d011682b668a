import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What to start the server with. */
export interface StartExampleServerOptions {
  /** The loopback port; any free one by default. Give the port of a stopped server to start it again in its place. */
  port?: number;
  /** Further flags, as on the command line: `['--heartbeat', '50']`. */
  args?: readonly string[];
  /** The program, in TypeScript or compiled; the server for protocol 2025-11-25 and before by default. */
  program?: string;
}

/** A server that runs in a process of its own. */
export interface RunningExampleServer {
  readonly url: string;
  readonly pid: number;
  readonly port: number;
  /** Lets it say goodbye; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Kills it without a word. */
  kill(): void;
}

/** Starts the example server; resolves when it listens, and rejects with its stderr when it dies before that. */
export async function startExampleServer({
  port = 0,
  args = [],
  program = 'demo/server/main.ts',
}: StartExampleServerOptions = {}): Promise<RunningExampleServer> {
  // From the root of the package, where tsx and its settings are found.
  const loader = program.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const command = [...loader, program, '--port', String(port), ...args];
  // Detached, so that Ctrl-C reaches only the parent process. The server exits when the parent has exited.
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  // `close` comes after `exit`, once the pipes are closed too.
  const closed = once(child, 'close');
  let complaint = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (complaint += text));

  const line = await Promise.race([
    once(createInterface(child.stdout!), 'line').then(([text]: string[]) => text ?? ''),
    closed.then(() => Promise.reject(new Error(`The example server did not start: ${complaint}`))),
  ]);
  const { listening: url } = JSON.parse(line) as { listening: string };
  return {
    url,
    pid: child.pid!,
    port: Number(new URL(url).port),
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
