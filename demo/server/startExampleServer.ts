import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Options for {@link startExampleServer}. */
export interface StartExampleServerOptions {
  /** The loopback port. Default: a free one. Pass the port of a stopped server to replace it. */
  port?: number;
  /** Additional flags, as on the command line: `['--heartbeat', '50']`. */
  args?: readonly string[];
  /** The program, in TypeScript or compiled. Default: the example server. */
  program?: string;
}

/** A server in its own process. */
export interface RunningExampleServer {
  readonly url: string;
  readonly pid: number;
  readonly port: number;
  /** Ends the server gracefully. Resolves when the process has exited. */
  stop(): Promise<void>;
  /** Kills the process immediately. */
  kill(): void;
}

/** Starts the example server. Resolves when it listens, and rejects with its standard error if it exits before that. */
export async function startExampleServer({
  port = 0,
  args = [],
  program = 'demo/server/main.ts',
}: StartExampleServerOptions = {}): Promise<RunningExampleServer> {
  // Run in the root of the package, where tsx and its settings are found.
  const loader = program.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const command = [...loader, program, '--port', String(port), ...args];
  // Detached, so that Ctrl-C reaches only the parent process. The server exits when the parent has exited.
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  // `close` is emitted after `exit`, once the pipes are closed as well.
  const closed = once(child, 'close');
  let stderrText = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderrText += text));

  const line = await Promise.race([
    once(createInterface(child.stdout!), 'line').then(([text]: string[]) => text ?? ''),
    closed.then(() =>
      Promise.reject(new Error(`starting the example server: exited before it listened (${stderrText.trim()})`)),
    ),
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
