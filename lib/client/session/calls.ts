import {
  catchError,
  defer,
  filter,
  merge,
  type MonoTypeOperatorFunction,
  noop,
  Observable,
  type ObservableInput,
  of,
  race,
  skip,
  switchMap,
  take,
  throwError,
  timer,
} from 'rxjs';
import { ConnectionLostError, HandlerError, type MCPError, SessionExpiredError } from '../../errors';
import { invalidParams } from '../../notification/params';
import { type Progress, progressOf } from '../../notification/progressOf';
import type { Notification, ProgressToken, Request, Result, ResultMap } from '../../protocol/types';
import { assertJson } from '../../util/assertJson';
import { createMicrotaskQueue } from '../../util/microtaskQueue';
import { assertObject, assertOptions } from '../../util/options';
import type { Connection } from '../connection/connection';
import { neverSent } from '../connection/neverSent';
import { callChecks, type CallEvent, type CallOptions } from './callOptions';
import { type CallLimits, type CallStep, withCallLimits } from './callLimits';
import { followTask$, taskOf } from './followTask';

/** What calls need of a session. */
export interface CallsContext extends CallLimits {
  notifications$: Observable<Notification>;
  /** The usable connection, if there is one, then each new one. Errors if there will be none. */
  usable$: Observable<Connection>;
  /** The usable connection, if there is one. */
  usable(): Connection | undefined;
  /** Whether a call without a connection waits for one or fails. */
  offline: 'wait' | 'fail';
  /** Returns the session's `_meta` for a request. */
  meta?: ((request: Request) => Record<string, unknown> | undefined) | undefined;
  /** Receives errors that do not fail a call. */
  report(error: MCPError): void;
}

/** How a call is made. */
interface CallMode {
  /** Sends the request in a microtask, so that unsubscribing in the same tick sends nothing. Calls keep their order. */
  isDeferred?: boolean;
  /** Follows a task to its result. Without it, the task is the result. */
  followsTasks?: boolean;
}

/** Makes the calls of a session, on the current connection or the next one. */
export interface Calls {
  /** Cold; sends the request, emits its result and completes. */
  request$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
  ): Observable<ResultMap[M]>;
  request$(request: Request, options?: CallOptions): Observable<Result>;
  /** Cold; the same, with progress before the result. */
  call$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
    mode?: CallMode,
  ): Observable<CallEvent<ResultMap[M]>>;
  call$(request: Request, options?: CallOptions, mode?: CallMode): Observable<CallEvent<Result>>;
  /** Cold; sends a notification, emits once when it is sent, and completes. */
  notify$(notification: Notification): Observable<void>;
  /** Limits several requests by `maxTotalTimeout`, as one. */
  withTotalTimeout<T>(method: string, options?: CallOptions): MonoTypeOperatorFunction<T>;
  /** Adds the session's `_meta` to a request. */
  withMeta(request: Request): Request;
}

/** Milliseconds after which a request that did not reach the server is sent again. */
const resendAfterMs = 1_000;

const notConnected$ = throwError(() => new ConnectionLostError('not connected'));

/** Creates the calls of a session. */
export function createCalls(context: CallsContext): Calls {
  const { notifications$, usable$, usable, offline, report, scheduler } = context;
  const deferred = createMicrotaskQueue();
  let tokens = 0;

  /** Projects the usable connection, or the next one. */
  function onUsable$<T>(project: (connection: Connection) => ObservableInput<T>, expired?: Connection): Observable<T> {
    return defer(() => {
      const now = usable();
      if (now && now !== expired) return project(now);
      // `usable$` first: when there will be no connection, its error says why.
      const next$ = offline === 'wait' || expired ? usable$ : merge(usable$, notConnected$);
      return next$.pipe(
        filter((connection) => connection !== expired),
        take(1),
        switchMap(project),
      );
    });
  }

  /** Sends a request again if the server has surely not processed it; after an expired session, once. */
  function send$(request: Request): Observable<Result> {
    return onUsable$((connection) =>
      connection.request$(request).pipe(
        catchError((error: unknown) => {
          if (error instanceof SessionExpiredError) return onUsable$((next) => next.request$(request), connection);
          if (offline === 'wait' && error instanceof Error && neverSent.has(error)) return later$(request);
          throw error;
        }),
      ),
    );
  }

  /** Sends a request on the next connection, or after a delay where the loss of the connection goes unnoticed. */
  function later$(request: Request): Observable<Result> {
    const next$ = usable$.pipe(skip(usable() ? 1 : 0));
    return race(next$, timer(resendAfterMs, scheduler)).pipe(
      take(1),
      switchMap(() => send$(request)),
    );
  }

  function metaOf(request: Request): Record<string, unknown> | undefined {
    try {
      const meta = context.meta?.(request);
      if (meta !== undefined) assertObject(meta, 'meta()');
      return meta;
    } catch (cause) {
      report(new HandlerError(`${request.method}: the session's meta function failed`, { cause }));
      return undefined;
    }
  }

  function withMeta({ method, params }: Request, meta?: Record<string, unknown>): Request {
    const ofSession = metaOf({ method, ...(params && { params }) });
    const _meta = { ...ofSession, ...params?._meta, ...meta };
    const merged = ofSession || meta ? { ...params, _meta } : params;
    return merged ? { method, params: merged } : { method };
  }

  /** The request as it is sent. Throws a `ConfigError` if it, or an option, is invalid. */
  function prepare(request: Request, options: CallOptions): Request {
    assertOptions(options, callChecks);
    const prepared = withMeta(request, options.meta);
    if (prepared.params) assertJson(prepared.params, 'params');
    return prepared;
  }

  function request$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
  ): Observable<ResultMap[M]>;
  function request$(request: Request, options?: CallOptions): Observable<Result>;
  function request$(request: Request, options: CallOptions = {}): Observable<Result> {
    return defer(() => {
      deferred.flush();
      const sent = prepare(request, options);
      return send$(sent).pipe(withCallLimits(sent, options, context));
    });
  }

  function call$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
    mode?: CallMode,
  ): Observable<CallEvent<ResultMap[M]>>;
  function call$(request: Request, options?: CallOptions, mode?: CallMode): Observable<CallEvent<Result>>;
  function call$(request: Request, options: CallOptions = {}, mode: CallMode = {}): Observable<CallEvent<Result>> {
    return defer(() => {
      if (!mode.isDeferred) deferred.flush();
      const { method, params } = prepare(request, options);
      const progressToken = options.progressToken ?? params?._meta?.progressToken ?? `rx-mcp-${String(tokens++)}`;
      const sent: Request = { method, params: { ...params, _meta: { ...params?._meta, progressToken } } };
      const events$ = eventsOf$(sent, progressToken, mode.followsTasks ?? false);
      return (mode.isDeferred ? deferred.defer(events$) : events$).pipe(withCallLimits(sent, options, context, stepOf));
    });
  }

  /** One Observable instead of `merge`: each of a thousand open calls has one of these. */
  function eventsOf$(
    request: Request,
    progressToken: ProgressToken,
    followsTasks: boolean,
  ): Observable<CallEvent<Result>> {
    return new Observable((subscriber) => {
      const checkIncreases = checkProgressIncreases(report);
      const progress = notifications$.pipe(progressOf(progressToken)).subscribe((params) => {
        checkIncreases(params);
        // `kind` last: the server's own members must not pass for a result.
        subscriber.next({ ...params, kind: 'progress' });
      });
      subscriber.add(progress);
      const result$ = send$(request).pipe(
        switchMap((result) => {
          const task = followsTasks ? taskOf(result) : undefined;
          return task ? followTask$(task, taskContext) : of({ kind: 'result', result } as const);
        }),
      );
      subscriber.add(result$.subscribe(subscriber));
    });
  }

  const taskContext = {
    notifications$,
    request$: (request: Request) => request$(request),
    untimed$: (request: Request) => request$(request, { timeout: Infinity, maxTotalTimeout: Infinity }),
    post(request: Request) {
      usable()?.request$(withMeta(request)).subscribe({ error: noop });
    },
    scheduler,
  };

  return {
    request$,
    call$,
    notify$: (notification) =>
      defer(() => {
        deferred.flush();
        const { method, params } = notification;
        if (params) assertJson(params, 'params');
        return onUsable$((connection) => connection.notify(notification)).pipe(
          withCallLimits(params ? { method, params } : { method }, {}, context),
        );
      }),
    withTotalTimeout: (method, options = {}) => withCallLimits({ method }, { ...options, timeout: Infinity }, context),
    withMeta,
  };
}

function stepOf({ kind }: CallEvent<Result>): CallStep {
  if (kind === 'result') return 'last';
  // From here on, each poll of the task has a timeout of its own.
  return kind === 'task' ? 'untimed' : 'more';
}

/** Returns a function that reports once if the progress of a call does not increase, as the protocol requires. */
function checkProgressIncreases(report: (error: MCPError) => void): (progress: Progress) => void {
  let last = -Infinity;
  let reported = false;
  return (params) => {
    if (params.progress <= last && !reported) {
      reported = true;
      const issue = { message: `expected more than ${String(last)}`, path: ['progress'] };
      report(invalidParams({ method: 'notifications/progress', params }, [issue]));
    }
    last = params.progress;
  };
}
