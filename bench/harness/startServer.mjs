import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const path = fileURLToPath(new URL('../servers/httpServer.mjs', import.meta.url));

/** Starts the HTTP server in a process of its own; resolves when it listens. */
export async function startServer(options = {}) {
  const child = fork(path, [JSON.stringify(options)], { execArgv: [] });
  const exited = once(child, 'exit');
  const [{ url, port }] = await once(child, 'message');
  return {
    url,
    port,
    flood: (flood) => child.send({ flood }),
    /** Cuts every stream; each that is opened after that is sent a notification at once. */
    drop: () => child.send({ greet: true, drop: true }),
    /** Resolves when so many GET streams are open. */
    async streamsOpen(expect) {
      const opened = once(child, 'message');
      child.send({ expect });
      await opened;
    },
    /** Kills it; resolves when it is gone. */
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
