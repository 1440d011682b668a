import { defer, map, merge, Observable, type SchedulerLike, takeWhile, timer, endWith } from 'rxjs';
import { RequestTimeoutError } from '../errors';
import { loggingLevels } from '../notification/notificationMap';
import { createCallContext, tokenOf, type CallContext } from './callContext';
import { outputOf, tag, type Output } from './callOutput';
import type { Exchange } from './exchange';

/** Options for {@link runCall$}. */
export interface RunOptions {
  /** The maximum duration of the call in milliseconds. Default: no limit. */
  timeout?: number | undefined;
  scheduler: SchedulerLike;
  /** Called after each progress notification. */
  onProgress?: () => void;
}

/**
 * Runs a call: subscribes to `project` once, sends the emitted values that are not results, and emits the last result on
 * completion, or `undefined` without one. Later messages of the call are dropped. Unsubscribing aborts the call's signal.
 */
export function runCall$(
  exchange: Exchange,
  project: (ctx: CallContext) => Observable<unknown>,
  { timeout, scheduler, onProgress }: RunOptions,
): Observable<unknown> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const send = createSender(exchange, onProgress);
    let isDone = false;
    let result: unknown;

    function take(output: Output | undefined): void {
      if (!output || isDone) return;
      if (output[tag] === 'result') result = output.result;
      else send(output);
    }

    const ctx = createCallContext(exchange, controller.signal, (value) => take(outputOf(value)));
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

/** Errors if the source has not completed within the timeout. */
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

/** Returns a function that sends progress that increases, log messages that the client requests, and notifications. */
export function createSender(exchange: Exchange, onProgress?: () => void): (output: Output) => void {
  const token = tokenOf(exchange.request);
  let last = -Infinity;

  return (output) => {
    if (output[tag] === 'progress') {
      if (!(output.progress > last)) return;
      last = output.progress;
      onProgress?.();
      const { progress, total, message } = output;
      if (token === undefined) return;
      exchange.send({
        method: 'notifications/progress',
        params: {
          progressToken: token,
          progress,
          ...(total !== undefined && { total }),
          ...(message !== undefined && { message }),
        },
      });
    } else if (output[tag] === 'log') {
      const lowest = exchange.logLevel();
      if (lowest === undefined || loggingLevels.indexOf(output.level) < loggingLevels.indexOf(lowest)) return;
      const { level, data, logger } = output;
      exchange.send({
        method: 'notifications/message',
        params: { level, data, ...(logger !== undefined && { logger }) },
      });
    } else if (output[tag] === 'notification') {
      exchange.send({ method: output.method, ...(output.params && { params: output.params }) });
    }
  };
}
