import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { processGroup } from '../harness/processGroup';
import { within } from '../harness/within';
import { programOf } from './officialServer';

const preload = new URL('loopback.mjs', import.meta.url).href;

/** Paths of `server-everything` by transport. */
const paths = { streamableHttp: '/mcp', sse: '/sse' };

/** A `server-everything` in its own process, on the loopback interface. */
export interface EverythingServer {
  readonly url: string;
  /** Resets every connection. The process goes on running. */
  cut(): void;
  /** Kills the process and starts a new one on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts `server-everything` with a transport over HTTP. */
export async function startEverything(transport: keyof typeof paths): Promise<EverythingServer> {
  async function start(port: number) {
    const args = ['--import', preload, programOf('everything'), transport];
    const server = processGroup.start(process.execPath, args, {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const [message] = (await within(15, once(server, 'message'))) as [{ port: number }];
    return { server, port: message.port };
  }

  let { server, port } = await start(0);
  async function stop(): Promise<void> {
    const ended = once(server, 'exit');
    processGroup.kill(server);
    await ended;
  }

  return {
    url: `http://127.0.0.1:${port}${paths[transport]}`,
    cut: () => void server.send('cut'),
    restart: async () => {
      await stop();
      ({ server, port } = await start(port));
    },
    stop,
  };
}
