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
  timer,
} from 'rxjs';
import {
  ConnectionFailedError,
  ConnectionLostError,
  InvalidResultError,
  type MCPError,
  ServerError,
  SessionExpiredError,
} from '../../errors';
import { ofMethods } from '../../notification/ofMethod';
import type { JSONRPCRequest, Notification, Request, Result, Task } from '../../protocol/types';
import { maxTimerDelay } from '../../util/maxDelay';
import { backoffPolicy } from '../connection/retry/backoff';
import { retryWith } from '../connection/retry/retryWith';
import type { CallEvent } from './callOptions';
import { taskOf, type TaskProtocol, type TaskState } from './taskProtocol';

/** Dependencies of {@link followTask$}. */
export interface TaskContext {
  notifications$: Observable<Notification>;
  /** Sends a request on the current connection or the next one. Cold. Errors if the response exceeds the session's timeout. */
  request$(request: Request): Observable<Result>;
  /** Like `request$`, but without a timeout. Cold. */
  untimed$(request: Request): Observable<Result>;
  /** Sends a request on the current connection, if there is one, and ignores the outcome. */
  post(request: Request): void;
  /** Answers a request of the server. Cold. */
  respond$(request: JSONRPCRequest): Observable<Result>;
  /** Receives errors that do not fail the call. */
  report(error: MCPError): void;
  scheduler: SchedulerLike;
}

/** The interval between two polls of a task if the server does not suggest one, in milliseconds. The SDK has the same default. */
const defaultPollIntervalMs = 1_000;
/** The minimum interval between two polls, in milliseconds, so that a server cannot keep the client busy. */
const minPollIntervalMs = 100;

/**
 * Follows the task in the response to a call to its result: emits the current state, then each change, then the result of the
 * request. Polls with `tasks/get` and uses the notifications of the server. Waits for a new connection if one is lost, because
 * tasks outlive connections. Errors like the original request. Unsubscribing earlier sends `tasks/cancel`. A response without a
 * valid task is the result.
 */
export function followTask$(response: Result, context: TaskContext): Observable<CallEvent<Result>> {
  const found = taskOf(response);
  return found ? follow$(found.state, found.protocol, context) : of({ kind: 'result', result: response });
}

function follow$(start: TaskState, protocol: TaskProtocol, context: TaskContext): Observable<CallEvent<Result>> {
  const { notifications$, request$, untimed$, post, respond$, report, scheduler } = context;
  const { taskId } = start.task;
  const outlive$ = <T>(source$: Observable<T>): Observable<T> =>
    source$.pipe(retryWith(() => backoffPolicy({ isRetryable: isOutage, scheduler }), noop));

  const get$ = outlive$(request$({ method: 'tasks/get', params: { taskId } })).pipe(readStates(protocol, taskId));
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
            request$: (request) => outlive$(request$(request)),
            untimed$: (request) => outlive$(untimed$(request)),
            respond$,
            report,
          })
          .pipe(map((result): CallEvent<Result> => ({ kind: 'result', result }))),
      ),
    ),
    takeWhile(({ kind }) => kind !== 'result', true),
  );
  return new Observable((subscriber) => {
    let hasEnded = false;
    subscriber.add(() => {
      if (!hasEnded) post({ method: 'tasks/cancel', params: { taskId } });
    });
    const events = events$.subscribe({
      next: (event) => {
        hasEnded ||= event.kind === 'result' || (event.kind === 'task' && isEnded(event.task));
        subscriber.next(event);
      },
      error: (error: unknown) => {
        // The task has ended, or the server does not know it.
        hasEnded ||= error instanceof ServerError || error instanceof InvalidResultError;
        subscriber.error(error);
      },
      complete: () => subscriber.complete(),
    });
    subscriber.add(events);
  });
}

/** Emits the states of one task in the messages. */
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

function pollIntervalOf({ pollInterval }: Task): number {
  const interval = typeof pollInterval === 'number' ? pollInterval : defaultPollIntervalMs;
  return Math.min(Math.max(interval, minPollIntervalMs), maxTimerDelay);
}

/** Whether the error is an outage, such as a lost connection or a rejection by a proxy. Tasks outlive outages. */
function isOutage(error: unknown): boolean {
  const isConnectionError =
    error instanceof ConnectionLostError ||
    error instanceof SessionExpiredError ||
    error instanceof ConnectionFailedError;
  return isConnectionError && error.retryable;
}
