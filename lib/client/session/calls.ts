import {
  defer,
  firstValueFrom,
  identity,
  type MonoTypeOperatorFunction,
  Observable,
  type OperatorFunction,
  switchMap,
} from 'rxjs';
import { HandlerError, type MCPError } from '../../errors';
import { invalidParams } from '../../notification/params';
import { type Progress, progressOf } from '../../notification/progressOf';
import type { JSONRPCRequest, Notification, ProgressToken, Request, Result, ResultMap } from '../../protocol/types';
import { assertJson } from '../../util/assertJson';
import { createMicrotaskQueue } from '../../util/microtaskQueue';
import { assertObject, assertOptions } from '../../util/options';
import { onDemand } from '../connection/onDemand';
import { type ValidateOutput, withUnvalidated } from '../connection/validateOutput';
import { callChecks, type CallEvent, type CallOptions } from './callOptions';
import { type CallLimits, type CallStep, withCallLimits } from './callLimits';
import type { TaskContext } from './followTask';
import { isTaskResult } from '../../protocol/message';
import { assertRequest } from './requestChecks';
import { createSender, type SenderContext } from './sender';

export interface CallsContext extends CallLimits, SenderContext {
  notifications$: Observable<Notification>;
  /** The session's default for calls that do not set this option. */
  validateOutput?: ValidateOutput | undefined;
  /** The session's `meta` option. */
  meta?: ((request: Request) => Record<string, unknown> | undefined) | undefined;
  /** Answers a server request that belongs to a call. */
  respond(request: JSONRPCRequest, signal: AbortSignal, origin: Request): Promise<Result>;
  /** Receives errors that do not fail a call. */
  report(error: MCPError): void;
}

const loadedTasks$ = onDemand('tasks', () => import('../onDemand/rareFeatures'));

/** Variants of a call. `R` is the type of the server's result, and `T` that of the call's result. */
interface CallMode<R extends Result = Result, T extends Result = R> {
  /**
   * Sends the request in a microtask, so that unsubscribing in the same tick sends nothing. The order of calls is
   * preserved.
   */
  isDeferred?: boolean;
  /** Whether a response that contains a task is followed to the task's result. Default: the task is the result. */
  followsTask?: boolean;
  /** Continues the call with its events. The timeouts and the signal of the call apply until the continuation ends. */
  proceed?: OperatorFunction<CallEvent<R>, CallEvent<T>>;
}

/** Makes calls on the current connection of a session, or on the next one. */
export interface Calls {
  /** Sends a request, emits its result and completes. Cold. */
  result$<M extends keyof ResultMap>(request: Request & { method: M }, options?: CallOptions): Observable<ResultMap[M]>;
  result$(request: Request, options?: CallOptions): Observable<Result>;
  /** Sends a request, emits its progress and its result, and completes. Cold. */
  call$<M extends keyof ResultMap, T extends Result = ResultMap[M]>(
    request: Request & { method: M },
    options?: CallOptions,
    mode?: CallMode<ResultMap[M], T>,
  ): Observable<CallEvent<T>>;
  call$(request: Request, options?: CallOptions, mode?: CallMode): Observable<CallEvent<Result>>;
  /** Sends a notification, emits once when it has been sent, and completes. Cold. */
  notify$(notification: Notification): Observable<void>;
  /** Applies the timeouts and the signal of one call to work that is not one request, such as the fetch of a list. */
  withLimits<T>(method: string, options?: CallOptions): MonoTypeOperatorFunction<T>;
  /** Adds the session's `_meta` to a request. */
  withMeta(request: Request): Request;
}

interface EventsOptions extends Pick<CallMode, 'followsTask'> {
  progressToken: ProgressToken;
  validateOutput: ValidateOutput | undefined;
}

/** Creates the calls of a session. */
export function createCalls(context: CallsContext): Calls {
  const { notifications$, report } = context;
  const { onUsable$, send$ } = createSender(context);
  const sendQueue = createMicrotaskQueue();
  let tokens = 0;

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
    const sessionMeta = metaOf({ method, ...(params && { params }) });
    const _meta = { ...sessionMeta, ...params?._meta, ...meta };
    const merged = sessionMeta || meta ? { ...params, _meta } : params;
    return merged ? { method, params: merged } : { method };
  }

  /** Returns the request to send. Throws a `ConfigError` if the request or an option is invalid. */
  function prepare(request: Request, options: CallOptions): Request {
    assertOptions(options, callChecks);
    assertRequest(request);
    const prepared = withMeta(request, options.meta);
    if (prepared.params) assertJson(prepared.params, 'params');
    return prepared;
  }

  function result$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: CallOptions,
  ): Observable<ResultMap[M]>;
  function result$(request: Request, options?: CallOptions): Observable<Result>;
  function result$(request: Request, options: CallOptions = {}): Observable<Result> {
    return defer(() => {
      sendQueue.flush();
      const sent = prepare(request, options);
      return send$(sent, { validateOutput: validateOutputOf(options) }).pipe(withCallLimits(sent, options, context));
    });
  }

  function call$<M extends keyof ResultMap, T extends Result = ResultMap[M]>(
    request: Request & { method: M },
    options?: CallOptions,
    mode?: CallMode<ResultMap[M], T>,
  ): Observable<CallEvent<T>>;
  function call$(request: Request, options?: CallOptions, mode?: CallMode): Observable<CallEvent<Result>>;
  function call$(request: Request, options: CallOptions = {}, mode: CallMode = {}): Observable<CallEvent<Result>> {
    return defer(() => {
      if (!mode.isDeferred) sendQueue.flush();
      const { method, params } = prepare(request, options);
      const progressToken = options.progressToken ?? params?._meta?.progressToken ?? `rx-mcp-${String(tokens++)}`;
      const sent: Request = { method, params: { ...params, _meta: { ...params?._meta, progressToken } } };
      const { isDeferred, followsTask, proceed = identity } = mode;
      const events$ = eventsOf$(sent, { progressToken, followsTask, validateOutput: validateOutputOf(options) });
      return (isDeferred ? sendQueue.defer(events$) : events$).pipe(
        proceed,
        withCallLimits(sent, options, context, stepOf),
      );
    });
  }

  /** One Observable instead of `merge`, to save memory: a session may have a thousand pending calls. */
  function eventsOf$(
    request: Request,
    { progressToken, followsTask, validateOutput }: EventsOptions,
  ): Observable<CallEvent<Result>> {
    return new Observable((subscriber) => {
      const checkIncreases = checkProgressIncreases(report);
      const progress = notifications$.pipe(progressOf(progressToken)).subscribe((params) => {
        checkIncreases(params);
        // `kind` is last, so that a member of that name in the server's params does not replace it.
        subscriber.next({ ...params, kind: 'progress' });
      });
      subscriber.add(progress);
      const response$ = send$(request, { validateOutput, acceptsTask: followsTask }).pipe(
        switchMap((result) =>
          followsTask && isTaskResult(result)
            ? followed$(result, { ...context, call: request, validateOutput, result$, withMeta })
            : [{ kind: 'result', result } as const],
        ),
      );
      subscriber.add(response$.subscribe(subscriber));
    });
  }

  function validateOutputOf({ validateOutput = context.validateOutput }: CallOptions): ValidateOutput | undefined {
    return validateOutput;
  }

  /** Follows the task in a response. Loaded on demand, because most servers have no tasks. */
  function followed$(result: Result, task: TaskContext): Observable<CallEvent<Result>> {
    return new Observable((subscriber) => {
      firstValueFrom(loadedTasks$.pipe(withUnvalidated(task.call.params?.['name'], result))).then(
        // If the subscriber has unsubscribed in the meantime, subscribing cancels the task.
        ({ followTask$ }) => followTask$(result, task).subscribe(subscriber),
        (error: unknown) => {
          subscriber.error(error);
        },
      );
    });
  }

  return {
    result$,
    call$,
    notify$: (notification) =>
      defer(() => {
        sendQueue.flush();
        const { method, params } = notification;
        assertRequest(notification);
        if (params) assertJson(params, 'params');
        return onUsable$((connection) => connection.notify(notification)).pipe(
          withCallLimits(params ? { method, params } : { method }, {}, context),
        );
      }),
    withLimits:
      (method, options = {}) =>
      (work$) =>
        defer(() => {
          assertOptions(options, callChecks);
          return work$.pipe(withCallLimits({ method }, options, context));
        }),
    withMeta,
  };
}

function stepOf({ kind }: CallEvent<Result>): CallStep {
  if (kind === 'result') return 'last';
  // Each poll of the task has its own timeout.
  return kind === 'task' ? 'untimed' : 'more';
}

/**
 * Returns a function that checks that the progress of a call increases, as the protocol requires. Reports the first
 * violation.
 */
function checkProgressIncreases(report: (error: MCPError) => void): (progress: Progress) => void {
  let last = -Infinity;
  let isReported = false;
  return (params) => {
    if (params.progress <= last && !isReported) {
      isReported = true;
      const issue = { message: `expected more than ${String(last)}`, path: ['progress'] };
      report(invalidParams({ method: 'notifications/progress', params }, [issue]));
    }
    last = params.progress;
  };
}
