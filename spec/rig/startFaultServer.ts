import { BehaviorSubject, filter, firstValueFrom, map, type Observable, ReplaySubject, skip, timeout } from 'rxjs';
import { faultCommandNames, type FaultCommands, type Remote } from './fault/commands';
import { createCounter, type FaultCounts, type FaultEvent, type FaultEvents, matches } from './fault/events';
import { launchFaultServer } from './fault/launchFaultServer';
import type { FaultServerOptions } from './fault/world';

/** The timeout of a wait. Default 10 s. */
interface WaitOptions {
  timeout?: number;
}

/** A fault server in its own process, and the panel that controls it. */
export interface FaultServer extends Remote<FaultCommands> {
  /** The MCP endpoint. The same after a restart. */
  readonly url: string;
  readonly port: number;
  /** The id of the current or latest process. */
  readonly pid: number;
  /** All events since the first start, then each new one. Completes on `stop()`. */
  readonly events$: Observable<FaultEvent>;
  /** Resolves with the counts, up to the server's latest event. */
  counts(): Promise<FaultCounts>;
  /** Resolves with the `nth` matching event since the first start, past or future. */
  waitFor<Type extends keyof FaultEvents>(
    wanted: { type: Type } & Partial<FaultEvents[Type]>,
    options?: WaitOptions & { nth?: number },
  ): Promise<Extract<FaultEvent, { type: Type }>>;
  /** Resolves with the counts, once they match the predicate. */
  until(wanted: (counts: FaultCounts) => boolean, options?: WaitOptions): Promise<FaultCounts>;
  /** Kills the process, and thereby its connections. Resolves when it has exited. */
  kill(): Promise<void>;
  /** Starts the server again on the same port without sessions. Kills it first if it is running. Earlier commands are reset. */
  restart(changes?: Omit<FaultServerOptions, 'port'>): Promise<void>;
  /** Ends the process permanently. Resolves when it has exited. */
  stop(): Promise<void>;
}

/** Starts a real MCP server in its own process, which misbehaves on command. */
export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const events$ = new ReplaySubject<FaultEvent>(Infinity);
  const counter = createCounter();
  const counted$ = new BehaviorSubject<void>(undefined);
  // Each event is counted before it is emitted.
  const onEvent = (event: FaultEvent): void => {
    counter.add(event);
    events$.next(event);
    counted$.next();
  };
  let settings = options;
  let server = await launchFaultServer(settings, onEvent);
  const { port } = server;

  const inTime = <T>(ms = 10_000) =>
    timeout<T, never>({
      first: ms,
      with: () => {
        throw new Error(`Not within ${ms} ms. Until then: ${JSON.stringify(counter.current(), null, 2)}`);
      },
    });
  const caughtUp = async (): Promise<void> => {
    if (server.alive) await server.call('sync', []);
  };
  const kill = (): Promise<void> => server.end('SIGKILL');
  const commands = Object.fromEntries(
    faultCommandNames.map((name) => [name, (...args: unknown[]) => server.call(name, args)]),
  ) as unknown as Remote<FaultCommands>;

  return {
    ...commands,
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    get pid() {
      return server.pid;
    },
    events$: events$.asObservable(),
    counts: async () => {
      await caughtUp();
      return counter.current();
    },
    waitFor: (wanted, { nth = 1, timeout: ms } = {}) =>
      firstValueFrom(
        events$.pipe(
          filter((event) => matches(event, wanted)),
          skip(nth - 1),
          inTime(ms),
        ),
      ),
    until: async (wanted, { timeout: ms } = {}) => {
      await caughtUp();
      return firstValueFrom(
        counted$.pipe(
          map(() => counter.current()),
          filter(wanted),
          inTime(ms),
        ),
      );
    },
    kill,
    restart: async (changes) => {
      await kill();
      settings = { ...settings, ...changes, port };
      server = await launchFaultServer(settings, onEvent);
    },
    stop: async () => {
      await server.end('SIGTERM');
      events$.complete();
    },
  };
}
