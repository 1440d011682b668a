import {
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  EMPTY,
  firstValueFrom,
  map,
  mergeMap,
  of,
  race,
  ReplaySubject,
  Subject,
  Subscription,
  switchMap,
  timer,
  type Observable,
} from 'rxjs';
import type { Connection, ConnectionContext, StreamState } from '../connection/connection';
import type { Connector } from '../connection/connector';
import { hastened } from '../connection/hastened';
import { reconnectWaits } from '../connection/reconnectWaits';
import { toTypedError } from '../connection/toTypedError';
import { retryBy } from '../connection/waits';
import { ConnectionFailedError, SessionClosedError } from '../errors';
import type { Gap } from '../notification/gap';
import type { SessionStatus } from './sessionStatus';

/** What keeps a session connected. */
export interface SessionLink {
  /** The status now, then each change; completes when the session has ended. */
  readonly status$: Observable<SessionStatus>;
  /** The connection that calls can be made on: now, and each time there is one again. Errors once there will be none. */
  readonly live$: Observable<Connection>;
  /** The connection now, if there is one, and each one after it; completes when the session has ended. */
  readonly connections$: Observable<Connection>;
  /** Never emits; errors when the session is closed. */
  readonly closed$: Observable<never>;
  /** The connection that calls can be made on, if there is one now. */
  live(): Connection | undefined;
  /** The connection there is, whether or not calls can be made on it just now. */
  current(): Connection | undefined;
  state(): SessionStatus['state'];
  /** Resolves when there is a connection that calls can be made on; an attempt that is being waited for is made at once. */
  connect(retryFirst: boolean): Promise<void>;
  disconnect(): Promise<void>;
}

/** Milliseconds that bringing a new connection up to date may take, before it is used as it is. */
const restoreBound = 10_000;

/**
 * Runs `connector.connect()` under the connector's policy, and tells how that goes.
 *
 * @param restore - brings a new connection to where the last one was, before anybody is told of it.
 */
export function createSessionLink(
  connector: Connector,
  context: ConnectionContext,
  restore: (connection: Connection) => Promise<void>,
): SessionLink {
  const { hub, scheduler } = context;
  const status$ = new ReplaySubject<SessionStatus>(1);
  const live$ = new BehaviorSubject<Connection | SessionClosedError | undefined>(undefined);
  const closed$ = new Subject<never>();
  const hurry$ = new Subject<void>();
  let status: SessionStatus = { state: 'idle' };
  let stream: StreamState = { listening: true };
  let hole: Omit<Gap, 'until'> | undefined;
  let missingSince = Infinity;
  let everUp = false;
  let current: Connection | undefined;
  let running = new Subscription();
  let opening: Promise<void> | undefined;
  let ending: Promise<void> | undefined;
  const closings = new Set<Promise<void>>();
  status$.next(status);

  function closing(done: Promise<void>): void {
    closings.add(done);
    void done.then(() => closings.delete(done));
  }

  function missing(since: number): void {
    missingSince = since;
  }

  function tell(next: SessionStatus, live: Connection | SessionClosedError | undefined): void {
    if (live !== live$.value) live$.next(live);
    status = next;
    status$.next(next);
  }

  function run$(retryFirst: boolean): Observable<[Connection, StreamState]> {
    let everConnected = false;
    return defer(() => connector.connect({ ...context, closing, missing, hurry$ })).pipe(
      switchMap((connection) => race(restore(connection), timer(restoreBound, scheduler)).pipe(map(() => connection))),
      switchMap((connection) => {
        everConnected = true;
        current = connection;
        return connection.stream$.pipe(map((state): [Connection, StreamState] => [connection, state]));
      }),
      retryBy(
        () => hastened(reconnectWaits(connector.options.reconnect, scheduler), hurry$),
        ({ attempt, delay }, cause) => {
          const error = toTypedError(cause, 'connecting');
          if (!everConnected && !retryFirst) throw error;
          if (attempt === 1) hub.report(error);
          miss(error);
          current = undefined;
          tell({ state: 'reconnecting', attempt, delay, error }, undefined);
        },
      ),
    );
  }

  /** From now on, what the server sends is missed, until there is a connection again. */
  function miss(cause: Error): void {
    const since = Math.min(missingSince, stream.listening ? scheduler.now() : stream.since);
    missingSince = Infinity;
    if (everUp) hole ??= { since, cause };
  }

  function up(connection: Connection, state: StreamState): void {
    everUp = true;
    stream = state;
    tell(statusOf(connection, state), isCutOff(state) ? undefined : connection);
    if (hole) hub.gaps$.next({ ...hole, until: scheduler.now() });
    hole = undefined;
  }

  function down(error?: Error): void {
    current = undefined;
    opening = undefined;
    const message = error ? `the session has ended: ${error.message}` : 'the session has been closed';
    tell({ state: 'closed', ...(error && { error }) }, new SessionClosedError(message, { cause: error }));
  }

  function open(retryFirst: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      tell({ state: 'connecting' }, undefined);
      running = closed$.subscribe({ error: reject });
      running.add(
        run$(retryFirst).subscribe({
          next: ([connection, state]) => {
            up(connection, state);
            resolve();
          },
          error: (cause: unknown) => {
            const error = toTypedError(cause, 'connecting');
            if (status.state === 'connected' || status.state === 'reconnecting') {
              hub.report(error);
              miss(error);
            }
            down(error);
            reject(error);
          },
          complete: () => {
            down();
            reject(new SessionClosedError('the connection was closed'));
          },
        }),
      );
    });
  }

  async function end(): Promise<void> {
    closed$.error(new SessionClosedError('the session has been closed'));
    await current?.close();
    running.unsubscribe();
    await Promise.all(closings);
    down();
    status$.complete();
    live$.complete();
  }

  const connection$ = live$.pipe(
    mergeMap((live) => {
      if (live instanceof Error) throw live;
      return live ? of(live) : EMPTY;
    }),
  );

  return {
    status$: status$.asObservable(),
    live$: connection$,
    connections$: live$.pipe(
      mergeMap((live) => (live && !(live instanceof Error) ? of(live) : EMPTY)),
      distinctUntilChanged(),
    ),
    closed$,
    live: () => (live$.value instanceof Error ? undefined : live$.value),
    current: () => current,
    state: () => status.state,
    async connect(retryFirst) {
      if (ending) throw new SessionClosedError('the session has been closed');
      if (status.state === 'reconnecting') hurry$.next();
      await (opening ??= open(retryFirst));
      // It may be that what was opened then has been lost since, and is being made anew.
      await firstValueFrom(race(closed$, connection$));
    },
    disconnect: () => (ending ??= end()),
  };
}

function statusOf({ protocolVersion, protocolEra }: Connection, stream: StreamState): SessionStatus {
  return !stream.listening && stream.retry
    ? { state: 'reconnecting', ...stream.retry }
    : { state: 'connected', listening: stream.listening, protocolVersion, protocolEra };
}

/** Whether the server is out of reach, and not just unwilling to let this client listen: then calls wait as well. */
function isCutOff(stream: StreamState): boolean {
  const error = stream.listening ? undefined : stream.retry?.error;
  return error instanceof ConnectionFailedError && error.status === undefined;
}
