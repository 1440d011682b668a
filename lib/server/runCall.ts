import { defer, map, merge, Observable, type SchedulerLike, takeWhile, timer, endWith } from 'rxjs';
import { RequestTimeoutError } from '../errors';
import { loggingLevels } from '../notification/notificationMap';
import { check, isOneOf } from '../util/options';
import { assertNotification } from './assertMessage';
import { createCallContext, tokenOf, type CallContext } from './callContext';
import { type CallMessage, type LogOutput, type Output, outputOf, type ProgressOutput, tag } from './callOutput';
import type { Exchange } from './exchange';

/** Options for {@link runCall$}. */
export interface RunOptions {
  /** Timeout for the call, in milliseconds. Default: no timeout. */
  timeout?: number | undefined;
  scheduler: SchedulerLike;
  /** Called after each progress notification. */
  onProgress?: () => void;
  /** Called with errors that do not fail the call, for example if a message is not JSON. */
  onError: (error: unknown) => void;
}

/**
 * Runs a call. Subscribes to the Observable of `project`, sends the emitted messages, and when it completes, emits the
 * last result, or `undefined` if there was none. Messages after that are dropped. Cold. Unsubscribing aborts the signal
 * of the call.
 */
export function runCall$(
  exchange: Exchange,
  project: (ctx: CallContext) => Observable<unknown>,
  { timeout, scheduler, onProgress, onError }: RunOptions,
): Observable<unknown> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const send = createSender(exchange, onError, onProgress);
    let isDone = false;
    let result: unknown;

    function take(output: Output | undefined): void {
      if (!output || isDone) return;
      if (output[tag] === 'result') result = output.result;
      else send(output);
    }

    const ctx = createCallContext(exchange, controller.signal, (value) => take(outputOf(value)), onError);
    subscriber.add(() => {
      if (!isDone) controller.abort();
      isDone = true;
    });
    subscriber.add(
      defer(() => project(ctx))
        .pipe(failAfter(timeout, exchange.request.method, scheduler))
        .subscribe({
          next: (value) => take(outputOf(value)),
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            isDone = true;
            subscriber.next(result);
            subscriber.complete();
          },
        }),
    );
  });
}

const done = Symbol('done');

/** Errors with a `RequestTimeoutError` if the source does not complete within the timeout. */
function failAfter(timeout: number | undefined, method: string, scheduler: SchedulerLike) {
  return (source$: Observable<unknown>): Observable<unknown> => {
    if (timeout === undefined) return source$;
    const timeout$ = timer(timeout, scheduler).pipe(
      map(() => {
        throw new RequestTimeoutError(`${method}: timed out after ${timeout} ms`, { timeout });
      }),
    );
    return merge(source$.pipe(endWith(done)), timeout$).pipe(takeWhile((value) => value !== done));
  };
}

/**
 * Returns a function that sends the messages of a call. Progress is sent only if it increases, and log messages only if
 * the client requested their level. An invalid message is reported to `onError`. The function never throws, because the
 * code that calls it may run outside of the call.
 */
export function createSender(
  exchange: Exchange,
  onError: (error: unknown) => void,
  onProgress?: () => void,
): (output: CallMessage) => void {
  const token = tokenOf(exchange.request);
  let last = -Infinity;

  function send(method: string, params: Record<string, unknown> | undefined): void {
    assertNotification(method, params);
    exchange.send({ method, ...(params && { params }) });
  }

  function sendProgress({ progress, total, message }: ProgressOutput): void {
    isFinite(progress, 'progress');
    if (progress <= last) return;
    last = progress;
    onProgress?.();
    if (token === undefined) return;
    send('notifications/progress', {
      progressToken: token,
      progress,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message }),
    });
  }

  function sendLog({ level, data, logger }: LogOutput): void {
    isLevel(level, 'log.level');
    const lowest = exchange.logLevel();
    if (lowest === undefined || loggingLevels.indexOf(level) < loggingLevels.indexOf(lowest)) return;
    send('notifications/message', { level, data, ...(logger !== undefined && { logger }) });
  }

  return (output) => {
    try {
      if (output[tag] === 'progress') sendProgress(output);
      else if (output[tag] === 'log') sendLog(output);
      else send(output.method, output.params);
    } catch (cause) {
      onError(cause);
    }
  };
}

const isFinite = check('a finite number', Number.isFinite);
const isLevel = isOneOf(...loggingLevels);
