import {
  connect,
  distinctUntilChanged,
  expand,
  EMPTY,
  filter,
  first,
  map,
  merge,
  noop,
  Observable,
  type SchedulerLike,
  switchMap,
  takeWhile,
  timer,
} from 'rxjs';
import { ConnectionLostError, ServerError, SessionExpiredError } from '../../errors';
import { ofMethods } from '../../notification/ofMethod';
import type { Notification, Request, Result, Task } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { maxTimerDelay } from '../../util/maxDelay';
import { backoffPolicy } from '../connection/retry/backoff';
import { retryWith } from '../connection/retry/retryWith';
import type { CallEvent } from './callOptions';

/** Dependencies of {@link followTask$}. */
export interface TaskContext {
  notifications$: Observable<Notification>;
  /** Sends a request on the current connection or the next one. Cold. Errors if the response exceeds the session's timeout. */
  request$(request: Request): Observable<Result>;
  /** Like `request$`, but without a timeout, because the server responds to `tasks/result` when the task has ended. Cold. */
  untimed$(request: Request): Observable<Result>;
  /** Sends a request on the current connection, if there is one, and ignores the outcome. */
  post(request: Request): void;
  scheduler: SchedulerLike;
}

/** The interval between two polls of a task if the server does not suggest one, in milliseconds. The SDK has the same default. */
const defaultPollIntervalMs = 1_000;
/** The minimum interval between two polls, in milliseconds, so that a server cannot keep the client busy. */
const minPollIntervalMs = 100;

const statuses: ReadonlySet<unknown> = new Set(['working', 'input_required', 'completed', 'failed', 'cancelled']);

/** Returns the task in the result of a request that the server runs as a task, or `undefined`. */
export function taskOf({ task }: Result): Task | undefined {
  return isTask(task) ? task : undefined;
}

/**
 * Follows a task to its result: emits the current state, then each change, then the result of the request. Polls with `tasks/get`
 * and uses `notifications/tasks/status`. Waits for a new connection if one is lost, because tasks outlive connections. Errors as
 * the request would have. Unsubscribing earlier sends `tasks/cancel`.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks
 */
export function followTask$(task: Task, context: TaskContext): Observable<CallEvent<Result>> {
  const { notifications$, request$, untimed$, post, scheduler } = context;
  const params = { taskId: task.taskId };
  const outliveConnections$ = <T>(source$: Observable<T>): Observable<T> =>
    source$.pipe(retryWith(() => backoffPolicy({ isRetryable: isConnectionLoss, scheduler }), noop));

  const get$ = outliveConnections$(request$({ method: 'tasks/get', params })).pipe(filter(isTask));
  const polled$ = get$.pipe(
    (source$) => timer(pollIntervalOf(task), scheduler).pipe(switchMap(() => source$)),
    expand((state) => (isEnded(state) ? EMPTY : timer(pollIntervalOf(state), scheduler).pipe(switchMap(() => get$)))),
  );
  const announced$ = notifications$.pipe(
    ofMethods(['notifications/tasks/status']),
    map((notification) => notification.params),
    filter(({ taskId }) => taskId === task.taskId),
    filter(isTask),
  );
  const result$ = outliveConnections$(untimed$({ method: 'tasks/result', params }));
  const events$ = merge([task], announced$, polled$).pipe(
    distinctUntilChanged(isSameState),
    takeWhile((state) => !isEnded(state), true),
    connect((states$) =>
      merge(
        states$.pipe(map((state): CallEvent<Result> => ({ kind: 'task', task: state }))),
        states$.pipe(
          // The server of a task that needs input sends its request on the response stream of `tasks/result`.
          first((state) => isEnded(state) || state.status === 'input_required'),
          switchMap(() => result$),
          map((result): CallEvent<Result> => ({ kind: 'result', result })),
        ),
      ),
    ),
    takeWhile(({ kind }) => kind !== 'result', true),
  );
  return new Observable((subscriber) => {
    let hasEnded = false;
    subscriber.add(() => {
      if (!hasEnded) post({ method: 'tasks/cancel', params });
    });
    events$.subscribe({
      next: (event) => {
        hasEnded ||= event.kind === 'result' || (event.kind === 'task' && isEnded(event.task));
        subscriber.next(event);
      },
      error: (error: unknown) => {
        // The task has ended or is unknown to the server.
        hasEnded ||= error instanceof ServerError;
        subscriber.error(error);
      },
      complete: () => subscriber.complete(),
    });
  });
}

function isTask(value: unknown): value is Task {
  return isObject(value) && typeof value['taskId'] === 'string' && statuses.has(value['status']);
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

function isConnectionLoss(error: unknown): boolean {
  return error instanceof ConnectionLostError || error instanceof SessionExpiredError;
}
