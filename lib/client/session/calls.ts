import {
  catchError,
  defer,
  filter,
  map,
  merge,
  type MonoTypeOperatorFunction,
  Observable,
  type ObservableInput,
  race,
  skip,
  switchMap,
  take,
  throwError,
  timer,
} from 'rxjs';
import { neverSent } from '../connection/neverSent';
import { ConnectionLostError, SessionExpiredError, type MCPError } from '../../errors';
import { invalidParams } from '../../notification/params';
import { type Progress, progressOf } from '../../notification/progressOf';
import type { Notification, Request, Result, ResultMap } from '../../protocol/types';
import type { Connection } from '../connection/connection';
import { withCallLimits, type CallLimits } from './callLimits';
import type { CallEvent, CallOptions } from './callOptions';

/** What calls need of a session. */
interface CallsContext extends CallLimits {
  notifications$: Observable<Notification>;
  /** The connection now, if there is one, and each one after it. Errors once there will be none. */
  live$: Observable<Connection>;
  /** The connection now, if there is one. */
  live(): Connection | undefined;
  /** What a call does that is made when there is none. */
  offline: 'wait' | 'fail';
  /** Is told of progress that is not what it should be. */
  report(error: MCPError): void;
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
  /** CallLimits what takes several requests by `maxTotalTimeout`, as if it were one. */
  inAll<T>(method: string, options?: CallOptions): MonoTypeOperatorFunction<T>;
}

/** Milliseconds after which a server that was not there is asked again. */
const resendAfter = 1_000;

const nobody$ = throwError(() => new ConnectionLostError('there is no connection now'));

/** See {@link Calls}. */
export function createCalls(context: CallsContext): Calls {
  const { notifications$, live$, live, offline, report, scheduler } = context;
  let tokens = 0;

  /** Does something on the connection there is, or else on the next one. */
  function onLive$<T>(project: (connection: Connection) => ObservableInput<T>, expired?: Connection): Observable<T> {
    return defer(() => {
      const now = live();
      if (now && now !== expired) return project(now);
      // Without a connection this one says at once why there will be none.
      const next$ = offline === 'wait' || expired ? live$ : merge(live$, nobody$);
      return next$.pipe(
        filter((connection) => connection !== expired),
        take(1),
        switchMap(project),
      );
    });
  }

  /** A request that the server has not dealt with is sent again: one that met a session which it had forgotten, once. */
  function send$(request: Request): Observable<Result> {
    return onLive$((connection) =>
      connection.request$(request).pipe(
        catchError((error: unknown) => {
          if (error instanceof SessionExpiredError) return onLive$((next) => next.request$(request), connection);
          if (offline === 'wait' && error instanceof Error && neverSent.has(error)) return later$(request);
          throw error;
        }),
      ),
    );
  }

  /** One that never reached the server waits until there is a connection again, or for a while where nobody notices. */
  function later$(request: Request): Observable<Result> {
    const next$ = live$.pipe(skip(live() ? 1 : 0));
    return race(next$, timer(resendAfter, scheduler)).pipe(
      take(1),
      switchMap(() => send$(request)),
    );
  }

  function request$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
  ): Observable<ResultMap[M]>;
  function request$(request: Request, options?: CallOptions): Observable<Result>;
  function request$(request: Request, options: CallOptions = {}): Observable<Result> {
    return send$(request).pipe(withCallLimits(request.method, options, context));
  }

  function call$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
  ): Observable<CallEvent<ResultMap[M]>>;
  function call$(request: Request, options?: CallOptions): Observable<CallEvent<Result>>;
  function call$(request: Request, options: CallOptions = {}): Observable<CallEvent<Result>> {
    const { method, params } = request;
    // One Observable, and not RxJS's `merge`: see `withCallLimits`.
    const events$ = new Observable<CallEvent<Result>>((subscriber) => {
      const progressToken = options.progressToken ?? params?._meta?.progressToken ?? `rx-mcp-${String(tokens++)}`;
      const look = checkProgressIncreases(report);
      const progress = notifications$.pipe(progressOf(progressToken)).subscribe((params) => {
        look(params);
        // What the server calls its own members is not to pass for a result.
        subscriber.next({ ...params, kind: 'progress' });
      });
      subscriber.add(progress);
      const _meta = { ...params?._meta, progressToken };
      const result$ = send$({ method, params: { ...params, _meta } });
      subscriber.add(result$.pipe(map((result) => ({ kind: 'result', result }) as const)).subscribe(subscriber));
    });
    return events$.pipe(withCallLimits(method, options, context, ({ kind }) => kind === 'result'));
  }

  function notify$(notification: Notification): Observable<void> {
    return onLive$((connection) => connection.notify(notification)).pipe(
      withCallLimits(notification.method, {}, context),
    );
  }

  function inAll<T>(method: string, options: CallOptions = {}): MonoTypeOperatorFunction<T> {
    return withCallLimits(method, { ...options, timeout: Infinity }, context);
  }

  return { request$, call$, notify$, inAll };
}

/** Looks at the progress of one call, and tells once when it does not grow as the protocol says it must. */
function checkProgressIncreases(report: (error: MCPError) => void): (progress: Progress) => void {
  let last = -Infinity;
  let told = false;
  return (params) => {
    if (params.progress <= last && !told) {
      told = true;
      const issue = { message: `expected more than ${String(last)}`, path: ['progress'] };
      report(invalidParams({ method: 'notifications/progress', params }, [issue]));
    }
    last = params.progress;
  };
}
