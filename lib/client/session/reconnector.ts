import {
  BehaviorSubject,
  distinctUntilChanged,
  EMPTY,
  firstValueFrom,
  mergeMap,
  Observable,
  of,
  race,
  Subject,
  Subscription,
} from 'rxjs';
import { type MCPError, SessionClosedError } from '../../errors';
import { ignoreRejection } from '../../util/ignoreRejection';
import type { Connection, EngineContext } from '../connection/connection';
import type { Connector } from '../connection/connector';
import { sessionPolicy } from '../connection/retry/reconnectPolicy';
import { type RetryDecision, type RetryPolicy, retryWith, skipDelayOn } from '../connection/retry/retryWith';
import { toTypedError } from '../connection/toTypedError';
import { Follower, type RestoreContext } from './follower';
import { idle, reduce, type SessionEvent, type SessionState } from './sessionState';
import { isSameStatus, type SessionStatus } from './sessionStatus';

/** The session that a {@link Reconnector} keeps connected. */
export interface ReconnectorContext extends RestoreContext, Pick<EngineContext, 'hub'> {
  /** Returns the session's part of the context of an attempt. The capabilities may have changed since the last one. */
  attempt(): Required<Pick<EngineContext, 'clientInfo' | 'capabilities' | 'respond' | 'nextId' | 'wire$'>>;
}

/** Keeps a session connected: subscribes to `connector.connect()` under the connector's policy, and tracks the state. */
export class Reconnector {
  /** The current status, then each change. Completes when the session has ended. */
  readonly status$: Observable<SessionStatus>;
  /** The same connections as `usable$`, but completes instead of erroring. For views. */
  readonly connections$: Observable<Connection>;
  /** Errors when the session is closed. Never emits. */
  readonly closed$: Observable<never>;

  readonly #connector: Connector;
  readonly #context: ReconnectorContext;
  readonly #status$ = new BehaviorSubject<SessionStatus>(idle.status);
  readonly #usable$ = new BehaviorSubject<Connection | SessionClosedError | undefined>(undefined);
  readonly #closed$ = new Subject<never>();
  readonly #retryNow$ = new Subject<void>();
  #closings: Set<Promise<void>> | undefined;
  #state: SessionState = idle;
  #missedSince: number | undefined;
  #attempts = 0;
  #hasEnded = false;
  #isReconnection = false;
  #running = Subscription.EMPTY;
  #opening: Promise<void> | undefined;
  #ending: Promise<void> | undefined;

  /** Does not connect. */
  constructor(connector: Connector, context: ReconnectorContext) {
    this.#connector = connector;
    this.#context = context;
    this.closed$ = this.#closed$;
    this.status$ = new Observable((subscriber) =>
      (this.#hasEnded ? of(this.#state.status) : this.#status$).subscribe(subscriber),
    );
    this.connections$ = new Observable((subscriber) =>
      this.#usable$
        .pipe(
          mergeMap((usable) => (usable && !(usable instanceof Error) ? of(usable) : EMPTY)),
          distinctUntilChanged(),
        )
        .subscribe(subscriber),
    );
  }

  /** The usable connection, if there is one, then each new one. Errors if there will be none. For calls. */
  get usable$(): Observable<Connection> {
    return this.#usable$.pipe(
      mergeMap((usable) => {
        if (usable instanceof Error) throw usable;
        return usable ? of(usable) : EMPTY;
      }),
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

  /** Closes the connection and ends the session. Idempotent. */
  disconnect(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  async #connect(retryFirst: boolean): Promise<void> {
    if (this.state() === 'reconnecting') this.#retryNow$.next();
    await firstValueFrom(race(this.closed$, (this.#opening ??= this.#open(retryFirst))));
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
      const policy = (): RetryPolicy => {
        const { reconnect } = this.#connector.options;
        return skipDelayOn(
          sessionPolicy(reconnect, this.#context.scheduler, () => everConnected),
          this.#retryNow$,
        );
      };
      this.#running = this.#connection$()
        .pipe(retryWith(policy, onDropped))
        .subscribe({
          next: (event) => {
            everConnected = this.#isReconnection = true;
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
        });
    });
  }

  /** Connects once. Emits the states of the connection's stream, beginning when the connection is restored. Cold. */
  #connection$(): Observable<SessionEvent> {
    return new Observable((subscriber) =>
      this.#connector.connect(this.#attemptContext()).subscribe(new Follower(this.#context, subscriber)),
    );
  }

  /** Creates the context of an attempt. */
  #attemptContext(): EngineContext {
    const { hub, scheduler } = this.#context;
    const { clientInfo, capabilities, respond, nextId, wire$ } = this.#context.attempt();
    return {
      hub,
      clientInfo,
      capabilities,
      respond,
      nextId,
      wire$,
      scheduler,
      connection: ++this.#attempts,
      isReconnection: this.#isReconnection,
      onClosing: (done) => {
        const closings = (this.#closings ??= new Set());
        closings.add(done);
        void done.then(() => closings.delete(done));
      },
      onMissed: (since) => {
        this.#missedSince = since;
      },
      retryNow$: this.#retryNow$,
      closed$: this.closed$,
    };
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
    await Promise.all([...(this.#closings ?? [])]);
    this.#close();
    this.#hasEnded = true;
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
