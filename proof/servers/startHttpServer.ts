import { once } from 'node:events';
import { processGroup, within } from '../harness/processes';
import { rootDir } from '../harness/environment';

const preload = new URL('loopback.mjs', import.meta.url).href;

/** Options for running a third-party server. */
export interface HttpServerOptions {
  /** The Node to run it with. Default: this one. */
  readonly node?: string;
  /** Returns the program and its arguments for a port. */
  args(port: number): readonly string[];
  /** Path of the endpoint. */
  readonly path: string;
  /** Working directory. Default: the root of the project. */
  readonly cwd?: string;
}

/** A server in its own process, on the loopback interface. */
export interface HttpServer {
  readonly url: string;
  /** Resets every connection. The process continues. */
  cut(): void;
  /** Kills the process and starts a new one on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server on a free port. Resolves when it listens. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { node = process.execPath, args, path, cwd = rootDir } = options;
  async function start(port: number) {
    const server = processGroup.start(node, ['--import', preload, ...args(port)], {
      cwd,
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-2_000)));
    const exited = once(server, 'exit').then(() =>
      Promise.reject(new Error(`starting the server: it exited\n${stderr}`)),
    );
    exited.catch(() => undefined);
    const [message] = (await within(30, Promise.race([once(server, 'message'), exited]))) as [{ port: number }];
    return { server, port: message.port };
  }

  let { server, port } = await start(0);
  async function stop(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    processGroup.kill(server);
    await ended;
  }

  return {
    url: `http://127.0.0.1:${port}${path}`,
    cut: () => void server.send('cut'),
    restart: async () => {
      await stop();
      ({ server, port } = await start(port));
    },
    stop,
  };
}
