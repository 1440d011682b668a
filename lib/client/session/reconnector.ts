import {
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  EMPTY,
  firstValueFrom,
  map,
  mergeMap,
  type Observable,
  of,
  race,
  ReplaySubject,
  Subject,
  Subscription,
  switchMap,
  timer,
} from 'rxjs';
import type { Connection, EngineContext, StreamState } from '../connection/connection';
import type { Connector } from '../connection/connector';
import { reconnectPolicy } from '../connection/retry/reconnectPolicy';
import { skipDelayOn, retryWith, type RetryDecision } from '../connection/retry/retryWith';
import { toTypedError } from '../connection/toTypedError';
import { ConnectionFailedError, SessionClosedError, type MCPError } from '../../errors';
import { ignoreRejection } from '../../util/ignoreRejection';
import type { Gap } from '../../notification/hub';
import type { SessionStatus } from './sessionStatus';

/** Milliseconds that bringing a new connection up to date may take, before it is used as it is. */
const restoreTimeoutMs = 10_000;

/** Brings a new connection to where the last one was, before anybody is told of it; returns nothing when there is nothing to do. */
type Restore = (connection: Connection) => Promise<void> | undefined;

/** Keeps a session connected: runs `connector.connect()` under the connector's policy, and tells how that goes. */
export class Reconnector {
  /** The status now, then each change; completes when the session has ended. */
  readonly status$: Observable<SessionStatus>;
  /** The connection that calls can be made on: now, and each time there is one again. Errors once there will be none. */
  readonly live$: Observable<Connection>;
  /** The connection now, if there is one, and each one after it; completes when the session has ended. */
  readonly connections$: Observable<Connection>;
  /** Never emits; errors when the session is closed. */
  readonly closed$: Observable<never>;

  readonly #connector: Connector;
  readonly #context: EngineContext;
  readonly #restore: Restore;
  readonly #status$ = new ReplaySubject<SessionStatus>(1);
  readonly #live$ = new BehaviorSubject<Connection | SessionClosedError | undefined>(undefined);
  readonly #closed$ = new Subject<never>();
  readonly #hurry$ = new Subject<void>();
  readonly #closings = new Set<Promise<void>>();
  #status: SessionStatus = { state: 'idle' };
  #stream: StreamState = { listening: true };
  #hole: Omit<Gap, 'until'> | undefined;
  #missingSince = Infinity;
  #everUp = false;
  #attempts = 0;
  #current: Connection | undefined;
  #running = Subscription.EMPTY;
  #following = Subscription.EMPTY;
  #opening: Promise<void> | undefined;
  #ending: Promise<void> | undefined;

  constructor(connector: Connector, context: EngineContext, restore: Restore) {
    this.#connector = connector;
    this.#context = context;
    this.#restore = restore;
    this.#status$.next(this.#status);
    this.status$ = this.#status$.asObservable();
    this.closed$ = this.#closed$;
    this.live$ = defer(() =>
      this.#live$.pipe(
        mergeMap((live) => {
          if (live instanceof Error) throw live;
          return live ? of(live) : EMPTY;
        }),
      ),
    );
    this.connections$ = defer(() =>
      this.#live$.pipe(
        mergeMap((live) => (live && !(live instanceof Error) ? of(live) : EMPTY)),
        distinctUntilChanged(),
      ),
    );
  }

  /** The connection that calls can be made on, if there is one now. */
  live(): Connection | undefined {
    const { value } = this.#live$;
    return value instanceof Error ? undefined : value;
  }

  /** The connection there is, whether or not calls can be made on it just now. */
  current(): Connection | undefined {
    return this.#current;
  }

  state(): SessionStatus['state'] {
    return this.#status.state;
  }

  /** Resolves when there is a connection that calls can be made on; an attempt that is being waited for is made at once. */
  connect(retryFirst: boolean): Promise<void> {
    if (this.#ending) return Promise.reject(new SessionClosedError('the session has been closed'));
    return ignoreRejection(this.#connect(retryFirst), () => this.#ending !== undefined);
  }

  async #connect(retryFirst: boolean): Promise<void> {
    if (this.#status.state === 'reconnecting') this.#hurry$.next();
    await (this.#opening ??= this.#open(retryFirst));
    // It may be that what was opened then has been lost since, and is being made anew.
    await firstValueFrom(race(this.closed$, this.live$));
  }

  disconnect(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  #open(retryFirst: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let everConnected = false;

      const connected = (connection: Connection): void => {
        everConnected = true;
        this.#follow(connection, resolve);
      };

      const dropped = ({ attempt, delay }: RetryDecision, cause: unknown): void => {
        const error = toTypedError(cause, 'connecting');
        if (!everConnected && !retryFirst) throw error;
        this.#following.unsubscribe();
        if (attempt === 1) this.#context.hub.report(error);
        this.#miss(error);
        this.#current = undefined;
        this.#tell({ state: 'reconnecting', attempt, delay, error }, undefined);
      };

      this.#tell({ state: 'connecting' }, undefined);
      this.#running = this.closed$.subscribe({ error: reject });
      this.#running.add(
        this.#connections$(dropped).subscribe({
          next: connected,
          error: (cause: unknown) => {
            const error = toTypedError(cause, 'connecting');
            if (this.#status.state === 'connected' || this.#status.state === 'reconnecting') {
              this.#context.hub.report(error);
              this.#miss(error);
            }
            this.#down(error);
            reject(error);
          },
          complete: () => {
            this.#down();
            reject(new SessionClosedError('the connection was closed'));
          },
        }),
      );
    });
  }

  /** The connections, one after the other, each brought to where the last one was. */
  #connections$(dropped: (wait: RetryDecision, cause: unknown) => void): Observable<Connection> {
    const { scheduler } = this.#context;
    // What the client can do is read for each attempt.
    const context = (): EngineContext => ({
      ...this.#context,
      connection: ++this.#attempts,
      onClosing: (done) => {
        this.#closings.add(done);
        void done.then(() => this.#closings.delete(done));
      },
      onMissed: (since) => {
        this.#missingSince = since;
      },
      retryNow$: this.#hurry$,
    });
    return defer(() => this.#connector.connect(context())).pipe(
      switchMap((connection) => {
        const restored = this.#restore(connection);
        return restored
          ? race(restored, timer(restoreTimeoutMs, scheduler)).pipe(map(() => connection))
          : of(connection);
      }),
      retryWith(
        () => skipDelayOn(reconnectPolicy(this.#connector.options.reconnect, scheduler), this.#hurry$),
        dropped,
      ),
    );
  }

  /** Tells of a connection, in all the states that its stream has. */
  #follow(connection: Connection, told: () => void): void {
    this.#following.unsubscribe();
    this.#current = connection;
    this.#following = connection.stream$.subscribe((state) => {
      this.#up(connection, state);
      told();
    });
    this.#running.add(this.#following);
  }

  #up(connection: Connection, state: StreamState): void {
    this.#everUp = true;
    this.#stream = state;
    this.#tell(statusOf(connection, state), isCutOff(state) ? undefined : connection);
    if (this.#hole) this.#context.hub.gaps$.next({ ...this.#hole, until: this.#context.scheduler.now() });
    this.#hole = undefined;
  }

  /** From now on, what the server sends is missed, until there is a connection again. */
  #miss(cause: Error): void {
    const now = this.#context.scheduler.now();
    const since = Math.min(this.#missingSince, this.#stream.listening ? now : this.#stream.since);
    this.#missingSince = Infinity;
    if (this.#everUp) this.#hole ??= { since, cause };
  }

  #down(error?: MCPError): void {
    this.#following.unsubscribe();
    this.#current = undefined;
    this.#opening = undefined;
    const message = error ? `the session has ended: ${error.message}` : 'the session has been closed';
    this.#tell({ state: 'closed', ...(error && { error }) }, new SessionClosedError(message, { cause: error }));
  }

  async #end(): Promise<void> {
    this.#closed$.error(new SessionClosedError('the session has been closed'));
    await this.#current?.close();
    this.#running.unsubscribe();
    await Promise.all(this.#closings);
    this.#down();
    this.#status$.complete();
    this.#live$.complete();
  }

  #tell(next: SessionStatus, live: Connection | SessionClosedError | undefined): void {
    if (live !== this.#live$.value) this.#live$.next(live);
    this.#status = next;
    this.#status$.next(next);
  }
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
