import { BehaviorSubject, filter, merge, type Observable, ReplaySubject, Subject } from 'rxjs';
import type { JSONRPCRequest, LoggingLevel, RequestId } from '../protocol/types';
import type { Caller } from './caller';
import type { Exchange } from './exchange';
import type { LiveSession } from './serverSession';

/** The requests that a node serves, by session and id. */
export interface CallRegistry {
  /** Registers a request. Returns `undefined` if a request with the same id is running. */
  start(options: StartOptions): RunningCall | undefined;
  /** Cancels a request if it runs at this node. */
  cancel(session: object, id: RequestId): void;
  isBusy(session: object): boolean;
  /** Counts a request of 2026-07-28, which is not registered, until the returned function is called. */
  hold(): () => void;
  /** Emits when no request is running, which is when the last response has been written. */
  readonly idle$: Observable<unknown>;
  /** Ends all requests. */
  readonly closed$: Subject<void>;
  /** Whether all requests have been ended. */
  readonly isClosed: boolean;
}

/** A registered request. */
interface RunningCall {
  readonly exchange: Exchange;
  finish(): void;
}

/** Options for {@link CallRegistry.start}. */
interface StartOptions extends Pick<Exchange, 'send'> {
  request: JSONRPCRequest;
  caller: Caller;
  /** The scope in which the id of the request is unique: a session, or a request of a stateless server. */
  scope: object;
  session: LiveSession | undefined;
  /** Emits when the request must end for a reason other than a cancellation, for example because the client has left. */
  left$: Observable<unknown>;
  request$: Exchange['request$'];
}

/** Creates a registry of running requests, so that they can be cancelled. */
export function createCallRegistry(): CallRegistry {
  const running = new WeakMap<object, Map<RequestId, Subject<unknown>>>();
  const closed$ = new Subject<void>();
  const count$ = new BehaviorSubject(0);
  let isClosed = false;
  closed$.subscribe(() => (isClosed = true));

  function hold(): () => void {
    count$.next(count$.value + 1);
    let isHeld = true;
    return () => {
      if (isHeld) count$.next(count$.value - 1);
      isHeld = false;
    };
  }

  return {
    closed$,
    hold,
    idle$: count$.pipe(filter((count) => count === 0)),
    get isClosed() {
      return isClosed;
    },
    start({ request, caller, scope, session, left$, send, request$ }) {
      const calls = running.get(scope) ?? new Map<RequestId, Subject<unknown>>();
      if (calls.has(request.id)) return undefined;
      running.set(scope, calls);
      const ended$ = new ReplaySubject<unknown>(1);
      const ending = merge(left$, closed$).subscribe((reason) => ended$.next(reason));
      calls.set(request.id, ended$);
      const release = hold();
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

/** Returns the lowest level of the log messages that a session receives. Without `logging/setLevel`, that is all of them. */
export function lowestLevel(session: LiveSession | undefined): LoggingLevel {
  return session?.record.level ?? 'debug';
}
