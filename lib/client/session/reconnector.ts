import {
  BehaviorSubject,
  defer,
  distinctUntilChanged,
  firstValueFrom,
  mergeMap,
  Observable,
  race,
  Subject,
  Subscription,
} from 'rxjs';
import { type MCPError, SessionClosedError } from '../../errors';
import { ignoreRejection } from '../../util/ignoreRejection';
import { assertOptions, isBoolean } from '../../util/options';
import type { Connection, EngineContext } from '../connection/connection';
import type { Connector } from '../connection/connector';
import { sessionPolicy } from '../connection/retry/reconnectPolicy';
import { type RetryDecision, type RetryPolicy, retryWith, skipDelayOn } from '../connection/retry/retryWith';
import { toTypedError } from '../connection/toTypedError';
import { RestoringObserver, type RestoreContext } from './restoringObserver';
import { idle, reduce, type SessionEvent, type SessionState } from './sessionState';
import { isSameStatus, type SessionStatus } from './sessionStatus';

export interface ReconnectorContext extends RestoreContext, Pick<EngineContext, 'hub'> {
  /**
   * Returns the session's part of the context for an attempt. Called for each attempt, because capabilities may change.
   */
  attempt(): Required<Pick<EngineContext, 'clientInfo' | 'capabilities' | 'respond' | 'nextId' | 'wire$'>>;
}

/** See {@link MCPSession.connect}. */
interface ConnectOptions {
  retry?: boolean | undefined;
}

/** Keeps a session connected: subscribes to `connector.connect()` under the connector's policy, and tracks the state. */
export class Reconnector {
  /** The current status, then each change. Completes when the session has ended. */
  readonly status$: Observable<SessionStatus>;
  /** The same connections as `usable$`, but completes when the session ends instead of erroring. For live views. */
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

  constructor(connector: Connector, context: ReconnectorContext) {
    this.#connector = connector;
    this.#context = context;
    this.closed$ = this.#closed$;
    this.status$ = defer(() => (this.#hasEnded ? [this.#state.status] : this.#status$));
    this.connections$ = defer(() =>
      this.#usable$.pipe(
        mergeMap((usable) => (usable && !(usable instanceof Error) ? [usable] : [])),
        distinctUntilChanged(),
      ),
    );
  }

  /** The usable connection, if there is one, then each new one. Errors when the session closes. For calls. */
  get usable$(): Observable<Connection> {
    return this.#usable$.pipe(
      mergeMap((usable) => {
        if (usable instanceof Error) throw usable;
        return usable ? [usable] : [];
      }),
    );
  }

  /** Returns the connection to make calls on. `undefined` while there is no connection or the server is unreachable. */
  usable(): Connection | undefined {
    return this.#state.usable;
  }

  /** Returns the current connection, even if its server is unreachable. */
  current(): Connection | undefined {
    return this.#state.current;
  }

  state(): SessionStatus['state'] {
    return this.#state.status.state;
  }

  /**
   * Resolves when there is a usable connection. Skips the delay before the next attempt. If the caller ignores the
   * promise, a rejection because of `disconnect()` does not become an unhandled rejection.
   */
  connect(options: ConnectOptions): Promise<void> {
    if (this.#ending) return Promise.reject(new SessionClosedError('session: closed by disconnect()'));
    return ignoreRejection(this.#connect(options), () => this.#ending !== undefined);
  }

  /** Closes the connection and ends the session. Resolves when all connections have closed. Idempotent. */
  disconnect(): Promise<void> {
    return (this.#ending ??= this.#end());
  }

  async #connect(options: ConnectOptions): Promise<void> {
    assertOptions(options, { retry: isBoolean });
    if (this.state() === 'reconnecting') this.#retryNow$.next();
    await (this.#opening ??= this.#open(options.retry ?? false));
    // The connection that was opened may have been lost in the meantime. In that case, wait for the next one.
    if (!this.usable()) await firstValueFrom(race(this.closed$, this.usable$));
  }

  #open(retryFirst: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let hasConnected = false;

      const onDropped = ({ attempt, delay }: RetryDecision, cause: unknown): void => {
        const error = toTypedError(cause, 'connecting');
        if (!hasConnected && !retryFirst) throw error;
        if (attempt === 1) this.#context.hub.report(error);
        this.#dispatch({ kind: 'dropped', attempt, delay, error, missedSince: this.#takeMissedSince() });
      };

      this.#dispatch({ kind: 'connecting' });
      const policy = (): RetryPolicy => {
        const { reconnect } = this.#connector.options;
        return skipDelayOn(
          sessionPolicy(reconnect, this.#context.scheduler, () => hasConnected),
          this.#retryNow$,
        );
      };
      this.#running = this.#connection$()
        .pipe(retryWith(policy, onDropped))
        .subscribe({
          next: (event) => {
            hasConnected = this.#isReconnection = true;
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
      this.#running.add(() => {
        reject(new SessionClosedError('session: closed by disconnect()'));
      });
    });
  }

  /** Makes one attempt. Once the connection is restored, emits the state of its stream, then each change. Cold. */
  #connection$(): Observable<SessionEvent> {
    return new Observable((subscriber) =>
      this.#connector.connect(this.#attemptContext()).subscribe(new RestoringObserver(this.#context, subscriber)),
    );
  }

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
    this.#dispatch({ kind: 'closed', error, missedSince: this.#takeMissedSince() });
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

  /**
   * Returns the error for `usable$`. If the session is already closed, the existing error is kept, because its cause is
   * the original one.
   */
  #closedError(cause?: MCPError): SessionClosedError {
    const { value } = this.#usable$;
    if (value instanceof SessionClosedError) return value;
    const message = cause ? `session: ended (${cause.message})` : 'session: closed by disconnect()';
    return new SessionClosedError(message, { cause });
  }
}
