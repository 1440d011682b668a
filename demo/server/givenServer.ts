import { startExampleServer } from './startExampleServer';

/** The server that an example connects to. */
export interface GivenServer {
  readonly url: string;
  /** Kills the server and starts it again on the same port. Only for the example's own server. */
  restart?(): Promise<void>;
  stop(): Promise<void>;
}

/** Returns the server whose URL is the first argument on the command line, or starts an example server. */
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
