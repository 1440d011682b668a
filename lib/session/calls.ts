import {
  catchError,
  defer,
  filter,
  map,
  merge,
  switchMap,
  take,
  takeWhile,
  throwError,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';
import type { Connection } from '../connection/connection';
import { ConnectionLostError, SessionExpiredError } from '../errors';
import { progressOf } from '../notification/progressOf';
import type { Notification, Request, Result, ResultMap } from '../protocol';
import { bounded, type Bounds } from './bounded';
import type { CallEvent, CallOptions } from './callOptions';
import { growing } from './growing';

/** What calls need of a session. */
export interface CallsContext extends Bounds {
  notifications$: Observable<Notification>;
  /** The connection now, if there is one, and each one after it. Errors once there will be none. */
  live$: Observable<Connection>;
  /** Whether there is a connection now. */
  isLive(): boolean;
  /** What a call does that is made when there is none. */
  offline: 'wait' | 'fail';
  /** Is told of progress that is not what it should be. */
  report(error: Error): void;
}

/** Makes the calls of a session, on whatever connection it has. */
export interface Calls {
  /** Cold; sends the request, emits its result and completes. */
  request$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
  ): Observable<ResultMap[M]>;
  request$(request: Request, options?: CallOptions): Observable<Result>;
  /** Cold; the same, but with the progress that it makes before its result. */
  call$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
  ): Observable<CallEvent<ResultMap[M]>>;
  call$(request: Request, options?: CallOptions): Observable<CallEvent<Result>>;
  /** Cold; sends a notification, emits once when it is sent, and completes. */
  notify$(notification: Notification): Observable<void>;
  /** Bounds what takes several requests by `maxTotalTimeout`, as if it were one. */
  inAll<T>(method: string, options?: CallOptions): MonoTypeOperatorFunction<T>;
}

/** See {@link Calls}. */
export function createCalls(context: CallsContext): Calls {
  const { notifications$, live$, isLive, offline, report } = context;
  let tokens = 0;

  const here$ = defer(() =>
    offline === 'fail' && !isLive() ? throwError(() => new ConnectionLostError('there is no connection now')) : live$,
  );

  /** A request that met a session which the server had forgotten has not been dealt with: it is sent again, once. */
  function send$(request: Request, expired?: Connection): Observable<Result> {
    return (expired ? live$ : here$).pipe(
      filter((connection) => connection !== expired),
      take(1),
      switchMap((connection) =>
        connection.request$(request).pipe(
          catchError((error: unknown) => {
            if (expired || !(error instanceof SessionExpiredError)) throw error;
            return send$(request, connection);
          }),
        ),
      ),
    );
  }

  function request$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
  ): Observable<ResultMap[M]>;
  function request$(request: Request, options?: CallOptions): Observable<Result>;
  function request$(request: Request, options: CallOptions = {}): Observable<Result> {
    return send$(request).pipe(bounded(request.method, options, context));
  }

  function call$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
  ): Observable<CallEvent<ResultMap[M]>>;
  function call$(request: Request, options?: CallOptions): Observable<CallEvent<Result>>;
  function call$(request: Request, options: CallOptions = {}): Observable<CallEvent<Result>> {
    return defer(() => {
      const progressToken = options.progressToken ?? `rx-mcp-${String(tokens++)}`;
      const { method, params } = request;
      const _meta = { ...params?._meta, progressToken };
      const progress$ = notifications$.pipe(
        progressOf(progressToken),
        growing(report),
        map((progress) => ({ kind: 'progress' as const, ...progress })),
      );
      const result$ = send$({ method, params: { ...params, _meta } }).pipe(
        map((result) => ({ kind: 'result' as const, result })),
      );
      return merge(progress$, result$).pipe(
        bounded(method, options, context, ({ kind }) => kind === 'result'),
        takeWhile(({ kind }) => kind !== 'result', true),
      );
    });
  }

  function notify$(notification: Notification): Observable<void> {
    return here$.pipe(
      take(1),
      switchMap((connection) => connection.notify(notification)),
      bounded(notification.method, {}, context),
    );
  }

  function inAll<T>(method: string, options: CallOptions = {}): MonoTypeOperatorFunction<T> {
    return bounded(method, { ...options, timeout: Infinity }, context);
  }

  return { request$, call$, notify$, inAll };
}
