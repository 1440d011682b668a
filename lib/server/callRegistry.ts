import { BehaviorSubject, filter, merge, type Observable, ReplaySubject, Subject } from 'rxjs';
import type { JSONRPCRequest, LoggingLevel, RequestId } from '../protocol/types';
import type { Caller } from './caller';
import type { Exchange } from './exchange';
import type { LiveSession } from './serverSession';

/** The running requests of a node, by session and id. */
export interface CallRegistry {
  /** Registers a request. Returns `undefined` if the session has a running request with the same id. */
  start(options: StartOptions): RunningCall | undefined;
  /** Cancels a request if it is running on this node. */
  cancel(session: object, id: RequestId): void;
  isBusy(session: object): boolean;
  /** Counts a 2026-07-28 request as running until the returned function is called. Such requests are not registered. */
  countRequest(): () => void;
  /** Emits when no request is running, that is, when the last response has been written. */
  readonly idle$: Observable<unknown>;
  /** Emitting ends all requests. */
  readonly closed$: Subject<void>;
  /** Whether {@link CallRegistry.closed$} has emitted. */
  readonly isClosed: boolean;
}

/** A registered request. */
interface RunningCall {
  readonly exchange: Exchange;
  finish(): void;
}

interface StartOptions extends Pick<Exchange, 'send'> {
  request: JSONRPCRequest;
  caller: Caller;
  /** The scope in which the request id is unique: a session or, in a stateless server, the HTTP request. */
  scope: object;
  session: LiveSession | undefined;
  /**
   * Emits when the request must end for a reason other than a cancellation, for example because the client has
   * disconnected.
   */
  abandoned$: Observable<unknown>;
  request$: Exchange['request$'];
}

export function createCallRegistry(): CallRegistry {
  const running = new WeakMap<object, Map<RequestId, Subject<unknown>>>();
  const closed$ = new Subject<void>();
  const count$ = new BehaviorSubject(0);
  let isClosed = false;
  closed$.subscribe(() => (isClosed = true));

  function countRequest(): () => void {
    count$.next(count$.value + 1);
    let isCounted = true;
    return () => {
      if (isCounted) count$.next(count$.value - 1);
      isCounted = false;
    };
  }

  return {
    closed$,
    countRequest,
    idle$: count$.pipe(filter((count) => count === 0)),
    get isClosed() {
      return isClosed;
    },
    start({ request, caller, scope, session, abandoned$, send, request$ }) {
      const calls = running.get(scope) ?? new Map<RequestId, Subject<unknown>>();
      if (calls.has(request.id)) return undefined;
      running.set(scope, calls);
      const ended$ = new ReplaySubject<unknown>(1);
      const ending = merge(abandoned$, closed$).subscribe((reason) => ended$.next(reason));
      calls.set(request.id, ended$);
      const release = countRequest();
      return {
        exchange: { request, caller, session, ended$, send, request$, logLevel: () => lowestLevel(session) },
        finish() {
          ending.unsubscribe();
          if (calls.get(request.id) === ended$) calls.delete(request.id);
          release();
        },
      };
    },
    cancel: (session, id) => running.get(session)?.get(id)?.next('cancelled'),
    isBusy: (session) => (running.get(session)?.size ?? 0) > 0,
  };
}

/**
 * Returns the minimum level of the log messages that a session receives. Without `logging/setLevel`, it receives all of
 * them.
 */
export function lowestLevel(session: LiveSession | undefined): LoggingLevel {
  return session?.record.level ?? 'debug';
}
