import {
  connect,
  distinctUntilChanged,
  expand,
  EMPTY,
  map,
  merge,
  mergeMap,
  noop,
  Observable,
  of,
  type OperatorFunction,
  type SchedulerLike,
  switchMap,
  takeWhile,
  throwError,
  timer,
} from 'rxjs';
import {
  ConnectionFailedError,
  ConnectionLostError,
  type InvalidResultError,
  type MCPError,
  ServerError,
  SessionExpiredError,
} from '../../errors';
import { ofMethods } from '../../notification/ofMethod';
import type { JSONRPCRequest, Notification, Request, Result, Task } from '../../protocol/types';
import { fromAbortable } from '../../util/abort';
import type { Connection } from '../connection/connection';
import { invalidResult } from '../connection/invalidResult';
import { outputValidators, type ValidateOutput } from '../connection/validateOutput';
import { operationOf } from '../connection/operationOf';
import { backoffPolicy } from '../connection/retry/backoff';
import { retryWith } from '../connection/retry/retryWith';
import type { CallEvent, CallOptions } from './callOptions';
import { isKnownStatus, taskOf, type TaskProtocol, type TaskState } from './taskProtocol';

/** Dependencies of {@link followTask$}. */
export interface TaskContext {
  /** The tool call whose response contains the task. */
  call: Request;
  validateOutput: ValidateOutput | undefined;
  notifications$: Observable<Notification>;
  /** The current connection, if it is usable. */
  usable(): Connection | undefined;
  /** Sends a request on the current connection or the next one. Cold. */
  result$(request: Request, options?: CallOptions): Observable<Result>;
  withMeta(request: Request): Request;
  /** Answers a server request that belongs to a call. */
  respond(request: JSONRPCRequest, signal: AbortSignal, call: Request): Promise<Result>;
  /** Receives errors that do not fail the call. */
  report(error: MCPError): void;
  scheduler: SchedulerLike;
}

/**
 * The interval between polls of a task if the server does not suggest one, in milliseconds. The SDK has the same
 * default.
 */
const defaultPollIntervalMs = 1_000;
/** The minimum interval between polls, in milliseconds. Limits the work if a server suggests a very short interval. */
const minPollIntervalMs = 100;
/** The maximum interval between polls, in milliseconds. Limits the delay if a server suggests a very long interval. */
const maxPollIntervalMs = 300_000;

/**
 * Follows the task in a response until it has a result. Emits the current state, then each change, then the result, and
 * completes. Learns the state from the server's notifications and by polling `tasks/get`. Errors like the original
 * request. Unsubscribing before the result sends `tasks/cancel`.
 *
 * If the connection is lost, waits for the next one, because tasks outlive connections. If the response does not
 * contain a valid task, emits the response as the result if it has content, and errors with an `InvalidResultError`
 * otherwise. Errors in the same way if the state of the task cannot be read. An unknown status is reported once, and
 * polled again.
 */
export function followTask$(response: Result, context: TaskContext): Observable<CallEvent<Result>> {
  const found = taskOf(response);
  if (found) return follow$(found.state, found.protocol, context);
  const { content, structuredContent } = response;
  const hasContent = (Array.isArray(content) && content.length > 0) || structuredContent !== undefined;
  const path = response['resultType'] === 'task' ? ['taskId'] : ['task', 'taskId'];
  return hasContent && path.length > 1
    ? of({ kind: 'result', result: response })
    : throwError(() => invalidResult(operationOf(context.call), { message: 'expected a string', path }, response));
}

function follow$(start: TaskState, protocol: TaskProtocol, context: TaskContext): Observable<CallEvent<Result>> {
  const { call, notifications$, usable, withMeta, respond, report, scheduler } = context;
  const { taskId } = start.task;
  const retryOnOutage$ = <T>(source$: Observable<T>): Observable<T> =>
    source$.pipe(retryWith(() => backoffPolicy({ isRetryable: isOutage, scheduler }), noop));

  const request$ = (request: Request, options?: CallOptions): Observable<Result> =>
    retryOnOutage$(context.result$(request, options));
  const reportOnce = createOnce(report);
  const get$ = request$({ method: 'tasks/get', params: { taskId } }).pipe(
    map((result) => {
      const state = protocol.read({ taskId, ...result });
      const invalid = (path: string, message: string): InvalidResultError =>
        invalidResult('tasks/get', { message, path: [path] }, result);
      if (!state) throw invalid('status', 'expected a string');
      if (state.task.taskId !== taskId) throw invalid('taskId', 'expected the id of the task');
      if (!isKnownStatus(result['status'])) reportOnce(() => invalid('status', 'expected a known status'));
      return state;
    }),
  );
  const poll$ = (state: TaskState): Observable<TaskState> =>
    timer(pollIntervalOf(state.task), scheduler).pipe(switchMap(() => get$));
  const polled$ = poll$(start).pipe(expand((state) => (protocol.isFinal(state) ? EMPTY : poll$(state))));
  const announced$ = notifications$.pipe(
    ofMethods([protocol.notification]),
    map(({ params }) => params),
    readStates(protocol, taskId),
  );
  const events$ = merge([start], announced$, polled$).pipe(
    takeWhile((state) => !protocol.isFinal(state), true),
    connect((states$) =>
      merge(
        states$.pipe(
          map(({ task }) => task),
          distinctUntilChanged(isSameState),
          map((task): CallEvent<Result> => ({ kind: 'task', task })),
        ),
        protocol
          .result$(states$, {
            taskId,
            request$,
            untimed$: (request) => request$(request, { timeout: Infinity, maxTotalTimeout: Infinity }),
            respond$: (request) => fromAbortable((signal) => respond(request, signal, call)),
            report,
          })
          .pipe(
            switchMap((result) => validated$(result, context)),
            map((result): CallEvent<Result> => ({ kind: 'result', result })),
          ),
      ),
    ),
    takeWhile(({ kind }) => kind !== 'result', true),
  );
  return new Observable((subscriber) => {
    let hasEnded = false;
    subscriber.add(() => {
      if (hasEnded) return;
      const cancellation = withMeta({ method: 'tasks/cancel', params: { taskId } });
      usable()?.request$(cancellation).subscribe({ error: noop });
    });
    const events = events$.subscribe({
      next: (event) => {
        hasEnded ||= event.kind === 'result' || (event.kind === 'task' && isEnded(event.task));
        subscriber.next(event);
      },
      error: (error: unknown) => {
        // The task has ended, or the server does not recognize it.
        hasEnded ||= error instanceof ServerError;
        subscriber.error(error);
      },
      complete: () => subscriber.complete(),
    });
    subscriber.add(events);
  });
}

function createOnce(report: (error: MCPError) => void): (errorOf: () => MCPError) => void {
  let isReported = false;
  return (errorOf) => {
    if (!isReported) report(errorOf());
    isReported = true;
  };
}

/** Validates the result of a task. The connection did not, because the response to the call was the task. */
function validated$(result: Result, { call, usable, validateOutput }: TaskContext): Observable<Result> {
  const connection = usable();
  const outputs = connection && outputValidators.get(connection);
  return outputs?.validate$(call.params?.['name'], result, validateOutput) ?? of(result);
}

/** Emits the state of one task from each message that contains one. */
function readStates({ read }: TaskProtocol, taskId: string): OperatorFunction<unknown, TaskState> {
  return mergeMap((message) => {
    const state = read(message);
    return state?.task.taskId === taskId ? [state] : [];
  });
}

function isEnded({ status }: Task): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

function isSameState(one: Task, other: Task): boolean {
  return one.status === other.status && one.statusMessage === other.statusMessage;
}

function pollIntervalOf({ pollInterval: interval = defaultPollIntervalMs }: Task): number {
  return Math.min(Math.max(interval, minPollIntervalMs), maxPollIntervalMs);
}

/**
 * Whether an error is temporary, such as a lost connection or a rejection by a proxy. The task may still be running.
 */
function isOutage(error: unknown): boolean {
  const isConnectionError =
    error instanceof ConnectionLostError ||
    error instanceof SessionExpiredError ||
    error instanceof ConnectionFailedError;
  return isConnectionError && error.retryable;
}
