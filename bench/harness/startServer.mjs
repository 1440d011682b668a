import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const path = fileURLToPath(new URL('../servers/httpServer.mjs', import.meta.url));

/** Starts the HTTP server in its own process. Resolves when it listens. */
export async function startServer(options = {}) {
  const child = fork(path, [JSON.stringify(options)], { execArgv: [] });
  const exited = once(child, 'exit');
  const [{ url, port }] = await once(child, 'message');
  return {
    url,
    port,
    flood: (flood) => child.send({ flood }),
    /** Cuts every stream. Each stream that is opened afterwards begins with a notification. */
    drop: () => child.send({ greet: true, drop: true }),
    /** Resolves when this many GET streams are open. */
    async streamsOpen(expect) {
      const opened = once(child, 'message');
      child.send({ expect });
      await opened;
    },
    /** Kills the process. Resolves when it has exited. */
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
