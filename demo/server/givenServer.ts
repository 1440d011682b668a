import { startExampleServer } from './startExampleServer';

/** The server that an example talks to. */
export interface GivenServer {
  readonly url: string;
  /** Kills it and starts it again in the same place; only where it is the example's own. */
  restart?(): Promise<void>;
  stop(): Promise<void>;
}

/** The server whose URL is the first argument on the command line; without one, an example server of its own. */
export async function givenServer(): Promise<GivenServer> {
  const url = process.argv[2];
  if (url !== undefined) return { url, stop: () => Promise.resolve() };

  let server = await startExampleServer();
  return {
    url: server.url,
    restart: async () => {
      server.kill();
      server = await startExampleServer({ port: server.port });
    },
    stop: () => server.stop(),
  };
}
