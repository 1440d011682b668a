import { startExampleServer } from './startExampleServer';

/** The server of an example. */
export interface ExampleServer {
  readonly url: string;
  /** Kills the server and starts it again on the same port. Undefined for a server that was passed by its URL. */
  restart?(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the example server in a separate process, or uses the server whose URL is the first command-line argument. */
export async function exampleServer(): Promise<ExampleServer> {
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
