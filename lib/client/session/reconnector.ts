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
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { type MCPError, SessionClosedError } from '../../errors';
import { ignoreRejection } from '../../util/ignoreRejection';
import type { Connection, EngineContext } from '../connection/connection';
import type { Connector } from '../connection/connector';
import { sessionPolicy } from '../connection/retry/reconnectPolicy';
import { type RetryDecision, retryWith, skipDelayOn } from '../connection/retry/retryWith';
import { toTypedError } from '../connection/toTypedError';
import { idle, reduce, type SessionEvent, type SessionState } from './sessionState';
import { isSameStatus, type SessionStatus } from './sessionStatus';

/** The maximum time to restore the state of a new connection, in milliseconds. After it, the connection is used as it is. */
const restoreTimeoutMs = 10_000;

/** Restores log level and subscriptions on a new connection. Returns `undefined` if there is nothing to restore. */
type Restore = (connection: Connection) => Promise<void> | undefined;

/** Keeps a session connected: subscribes to `connector.connect()` under the connector's policy, and tracks the state. */
export class Reconnector {
  /** The current status, then each change. Completes when the session has ended. */
  readonly status$: Observable<SessionStatus>;
  /** The usable connection, if there is one, then each new one. Errors if there will be none. For calls. */
  readonly usable$: Observable<Connection>;
  /** The same connections as `usable$`, but completes instead of erroring. For views. */
  readonly connections$: Observable<Connection>;
  /** Errors when the session is closed. Never emits. */
  readonly closed$: Observable<never>;

  readonly #connector: Connector;
  readonly #context: EngineContext;
  readonly #restore: Restore;
  readonly #status$ = new ReplaySubject<SessionStatus>(1);
  readonly #usable$ = new BehaviorSubject<Connection | SessionClosedError | undefined>(undefined);
  readonly #closed$ = new Subject<never>();
  readonly #retryNow$ = new Subject<void>();
  readonly #closings = new Set<Promise<void>>();
  #state: SessionState = idle;
  #missedSince: number | undefined;
  #attempts = 0;
  #isReconnection = false;
  #running = Subscription.EMPTY;
  #opening: Promise<void> | undefined;
  #ending: Promise<void> | undefined;

  constructor(connector: Connector, context: EngineContext, restore: Restore) {
    this.#connector = connector;
    this.#context = context;
    this.#restore = restore;
    this.#status$.next(this.#state.status);
    this.status$ = this.#status$.asObservable();
    this.closed$ = this.#closed$;
    this.usable$ = defer(() =>
      this.#usable$.pipe(
        mergeMap((usable) => {
          if (usable instanceof Error) throw usable;
          return usable ? of(usable) : EMPTY;
        }),
      ),
    );
    this.connections$ = defer(() =>
      this.#usable$.pipe(
        mergeMap((usable) => (usable && !(usable instanceof Error) ? of(usable) : EMPTY)),
        distinctUntilChanged(),
      ),
    );
  }

  /** Returns the connection for calls. `undefined` while there is no connection, or its server is unreachable. */
  usable(): Connection | undefined {
    return this.#state.usable;
  }

  /** Returns the connection, whether or not it is usable. */
  current(): Connection | undefined {
    return this.#state.current;
  }

  state(): SessionStatus['state'] {
    return this.#state.status.state;
  }

  /**
   * Resolves when there is a usable connection. Skips the delay before the next attempt. A rejection because of `disconnect()`
   * does not become an unhandled rejection if the caller ignores it.
   */
  connect(retryFirst: boolean): Promise<void> {
    if (this.#ending) return Promise.reject(new SessionClosedError('session: closed by disconnect()'));
    return ignoreRejection(this.#connect(retryFirst), () => this.#ending !== undefined);
  }

  /** Idempotent. */
  disconnect(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  async #connect(retryFirst: boolean): Promise<void> {
    if (this.state() === 'reconnecting') this.#retryNow$.next();
    await (this.#opening ??= this.#open(retryFirst));
    // The opened connection may already have been lost, and is then being replaced.
    await firstValueFrom(race(this.closed$, this.usable$));
  }

  #open(retryFirst: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let everConnected = false;

      const onDropped = ({ attempt, delay }: RetryDecision, cause: unknown): void => {
        const error = toTypedError(cause, 'connecting');
        if (!everConnected && !retryFirst) throw error;
        if (attempt === 1) this.#context.hub.report(error);
        this.#dispatch({ kind: 'dropped', attempt, delay, error, missedSince: this.#takeMissedSince() });
      };

      this.#dispatch({ kind: 'connecting' });
      this.#running = this.closed$.subscribe({ error: reject });
      this.#running.add(
        this.#connections$(
          onDropped,
          () => (everConnected = true),
          () => everConnected,
        ).subscribe({
          next: (event) => {
            this.#dispatch(event);
            resolve();
          },
          error: (cause: unknown) => {
            const error = toTypedError(cause, 'connecting');
            if (this.state() === 'connected' || this.state() === 'reconnecting') this.#context.hub.report(error);
            this.#close(error);
            reject(error);
          },
          complete: () => {
            this.#close();
            reject(new SessionClosedError('connecting: the connection was closed'));
          },
        }),
      );
    });
  }

  /** Emits the stream states of one connection after the other. Each connection is restored before its first state is emitted. */
  #connections$(
    onDropped: (decision: RetryDecision, cause: unknown) => void,
    onConnected: () => void,
    everConnected: () => boolean,
  ): Observable<SessionEvent> {
    const { scheduler } = this.#context;
    // Created for each attempt, because the capabilities may have changed.
    const context = (): EngineContext => ({
      ...this.#context,
      connection: ++this.#attempts,
      isReconnection: this.#isReconnection,
      onClosing: (done) => {
        this.#closings.add(done);
        void done.then(() => this.#closings.delete(done));
      },
      onMissed: (since) => {
        this.#missedSince = since;
      },
      retryNow$: this.#retryNow$,
    });
    return defer(() => {
      const ended$ = new Subject<void>();
      return this.#connector.connect(context()).pipe(
        tap({ complete: () => ended$.next() }),
        switchMap((connection) => {
          const restored = this.#restore(connection);
          return restored
            ? race(restored, timer(restoreTimeoutMs, scheduler)).pipe(map(() => connection))
            : of(connection);
        }),
        switchMap((connection) => {
          this.#isReconnection = true;
          onConnected();
          return connection.stream$.pipe(
            map((stream): SessionEvent => ({ kind: 'streamState', connection, stream })),
            takeUntil(ended$),
          );
        }),
      );
    }).pipe(
      retryWith(
        () => skipDelayOn(sessionPolicy(this.#connector.options.reconnect, scheduler, everConnected), this.#retryNow$),
        onDropped,
      ),
    );
  }

  #dispatch(event: SessionEvent): void {
    const before = this.#state;
    const after = reduce(before, event);
    this.#state = after;
    const usable = after.status.state === 'closed' ? this.#closedError(after.status.error) : after.usable;
    if (usable !== this.#usable$.value) this.#usable$.next(usable);
    if (!isSameStatus(after.status, before.status)) this.#status$.next(after.status);
    if (before.openGap && !after.openGap) {
      this.#context.hub.gaps$.next({ ...before.openGap, until: this.#context.scheduler.now() });
    }
  }

  #takeMissedSince(): number {
    const since = this.#missedSince ?? this.#context.scheduler.now();
    this.#missedSince = undefined;
    return since;
  }

  #close(error?: MCPError): void {
    this.#opening = undefined;
    this.#dispatch({ kind: 'closed', ...(error && { error }), missedSince: this.#takeMissedSince() });
  }

  async #end(): Promise<void> {
    this.#closed$.error(new SessionClosedError('session: closed by disconnect()'));
    await this.current()?.close();
    this.#running.unsubscribe();
    await Promise.all(this.#closings);
    this.#close();
    this.#status$.complete();
    this.#usable$.complete();
  }

  /** Returns the error that `usable$` errors with. The first cause is kept. */
  #closedError(cause?: MCPError): SessionClosedError {
    const { value } = this.#usable$;
    if (value instanceof SessionClosedError) return value;
    const message = cause ? `session: ended (${cause.message})` : 'session: closed by disconnect()';
    return new SessionClosedError(message, { cause });
  }
}
