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

/** Dependencies of {@link createCalls}. */
export interface CallsContext extends CallLimits {
  notifications$: Observable<Notification>;
  /** Emits the usable connection, if there is one, then each new one. Errors if there will be no other. */
  usable$: Observable<Connection>;
  /** The usable connection, if there is one. */
  usable(): Connection | undefined;
  /** Whether a call without a connection waits for one or fails. */
  offline: 'wait' | 'fail';
  /** Returns additional members of `_meta` for a request of the session. */
  meta?: ((request: Request) => Record<string, unknown> | undefined) | undefined;
  /** Receives errors that do not fail a call. */
  report(error: MCPError): void;
}

/** Variants of a call. */
interface CallMode {
  /** Sends the request in a microtask, so that unsubscribing in the same tick sends nothing. Calls keep their order. */
  isDeferred?: boolean;
  /** Follows a task to its result. Otherwise the task itself is the result. */
  followsTasks?: boolean;
}

/** Makes the calls of a session, on the current connection or the next one. */
export interface Calls {
  /** Sends a request, emits its result and completes. Cold. */
  request$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
  ): Observable<ResultMap[M]>;
  request$(request: Request, options?: CallOptions): Observable<Result>;
  /** Sends a request, emits its progress and its result, and completes. Cold. */
  call$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
    mode?: CallMode,
  ): Observable<CallEvent<ResultMap[M]>>;
  call$(request: Request, options?: CallOptions, mode?: CallMode): Observable<CallEvent<Result>>;
  /** Sends a notification, emits once when it has been sent, and completes. Cold. */
  notify$(notification: Notification): Observable<void>;
  /** Applies one `maxTotalTimeout` to several requests. */
  withTotalTimeout<T>(method: string, options?: CallOptions): MonoTypeOperatorFunction<T>;
  /** Adds the session's `_meta` to a request. */
  withMeta(request: Request): Request;
}

/** The delay before a request that did not reach the server is resent, in milliseconds. */
const resendAfterMs = 1_000;

const notConnected$ = throwError(() => new ConnectionLostError('not connected'));

/** Creates the calls of a session. */
export function createCalls(context: CallsContext): Calls {
  const { notifications$, usable$, usable, offline, report, scheduler } = context;
  const deferred = createMicrotaskQueue();
  let tokens = 0;

  /** Projects the usable connection, or waits for the next one. */
  function onUsable$<T>(project: (connection: Connection) => ObservableInput<T>, expired?: Connection): Observable<T> {
    return defer(() => {
      const now = usable();
      if (now && now !== expired) return project(now);
      // `usable$` comes first, because its error contains the reason why there will be no connection.
      const next$ = offline === 'wait' || expired ? usable$ : merge(usable$, notConnected$);
      return next$.pipe(
        filter((connection) => connection !== expired),
        take(1),
        switchMap(project),
      );
    });
  }

  /** Sends a request. Resends it if the server has certainly not processed it; after an expired session, only once. */
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

  /** Resends a request on the next connection, or after a delay if the loss of the connection has not been noticed. */
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

  /** Returns the request to send. Throws a `ConfigError` if the request or an option is invalid. */
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

  /** One Observable instead of `merge`, because a session may have a thousand pending calls. */
  function eventsOf$(
    request: Request,
    progressToken: ProgressToken,
    followsTasks: boolean,
  ): Observable<CallEvent<Result>> {
    return new Observable((subscriber) => {
      const checkIncreases = checkProgressIncreases(report);
      const progress = notifications$.pipe(progressOf(progressToken)).subscribe((params) => {
        checkIncreases(params);
        // `kind` comes last, so that a server's own `kind` cannot make progress look like a result.
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
  // From now on, each poll of the task has its own timeout.
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
