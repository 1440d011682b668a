import { type RunningExampleServer, startExampleServer } from '../../demo/server/startExampleServer';

/** An example server that can be killed, and started again on the same port. */
export interface ManagedServer {
  readonly name: string;
  readonly url: string;
  /** Kills the process, if it runs. Resolves when it has exited. */
  kill(): Promise<void>;
  /** Starts the process, if it does not run. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an example server with a name. Its operations are performed one after the other. */
export async function managedServer(name: string, args: readonly string[]): Promise<ManagedServer> {
  const first = await startExampleServer({ args });
  const { url, port } = first;
  let running: RunningExampleServer | undefined = first;
  let done: Promise<void> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => (done = done.catch(() => undefined).then(work));
  return {
    name,
    url,
    kill: () =>
      inTurn(async () => {
        running?.kill();
        await running?.stop();
        running = undefined;
      }),
    start: () =>
      inTurn(async () => {
        running ??= await startExampleServer({ port, args });
      }),
    stop: () =>
      inTurn(async () => {
        await running?.stop();
        running = undefined;
      }),
  };
}
