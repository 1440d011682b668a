import { BehaviorSubject, filter, firstValueFrom, map, type Observable, ReplaySubject, skip, timeout } from 'rxjs';
import { faultCommandNames, type FaultCommands, type Remote } from './fault/commands';
import { createCounter, type FaultCounts, type FaultEvent, type FaultEvents, matches } from './fault/events';
import { launchFaultServer } from './fault/launchFaultServer';
import type { FaultServerOptions } from './fault/world';

/** How long to wait before saying what has not come; 10 s by default. */
interface Patience {
  timeout?: number;
}

/** A fault server that runs in a process of its own, and the panel to control it with. */
export interface FaultServer extends Remote<FaultCommands> {
  /** The MCP endpoint; the same after a restart. */
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** All events from the first start on, then each new one; completes on `stop()`. */
  readonly events$: Observable<FaultEvent>;
  /** What has been counted, up to the server's last event. */
  counts(): Promise<FaultCounts>;
  /** The `nth` event like this since the first start, whether it has been or is yet to come. */
  waitFor<Type extends keyof FaultEvents>(
    wanted: { type: Type } & Partial<FaultEvents[Type]>,
    options?: Patience & { nth?: number },
  ): Promise<Extract<FaultEvent, { type: Type }>>;
  /** The counts, as soon as they are as wanted. */
  until(wanted: (counts: FaultCounts) => boolean, options?: Patience): Promise<FaultCounts>;
  /** Kills the process, and its connections with it. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port with no session known, killing it first if it runs. Earlier commands are forgotten. */
  restart(changes?: Omit<FaultServerOptions, 'port'>): Promise<void>;
  /** Ends the process for good. Resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts a real MCP server, in a process of its own, that can be made to misbehave. */
export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const events$ = new ReplaySubject<FaultEvent>(Infinity);
  const counter = createCounter();
  const counted$ = new BehaviorSubject<void>(undefined);
  // Each event is counted before anybody else hears of it.
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
