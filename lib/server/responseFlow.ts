import {
  catchError,
  concat,
  EMPTY,
  NEVER,
  type Observable,
  ReplaySubject,
  type SchedulerLike,
  startWith,
  Subject,
  Subscription,
  switchMap,
} from 'rxjs';
import { ServerError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import type { Notification } from '../protocol/types';
import { backgroundInterval } from './backgroundInterval';
import { flushTimeoutMs } from './eventStream';

/**
 * Limits the buffered part of an SDK response. Needed because the SDK writes without waiting for the client to read.
 */
export interface ResponseFlow {
  /** Sends a notification. While the client reads slowly, only the latest progress is kept. */
  send(notification: Notification, notify: (notification: Notification) => void): void;
  /** Sends the latest progress, if it was kept back. */
  flush(notify: (notification: Notification) => void): void;
  /** Completes {@link ResponseFlow.overflow$}, because the response ends after its buffered part. */
  end(): void;
  /** Errors when the buffered part exceeds the limit. The call then ends. Never emits. */
  readonly overflow$: Observable<never>;
  /**
   * Counts the bytes that the client reads. Calls `onEnd` once, when the response has ended or the client has
   * disconnected. After the end of the call, the response errors if the client does not continue to read.
   */
  follow(response: Response, signal: AbortSignal, onEnd: () => void): Response;
}

/**
 * Creates a {@link ResponseFlow}.
 *
 * @param buffer - the maximum number of bytes that the client has not read yet.
 * @param scheduler - the clock for clients that do not read. Default: such clients are waited for.
 */
export function createResponseFlow(buffer: number, scheduler?: SchedulerLike): ResponseFlow {
  const overflow$ = new ReplaySubject<never>(1);
  const read$ = new Subject<void>();
  const unread$ = read$.pipe(
    startWith(undefined),
    switchMap(() => (scheduler ? backgroundInterval(flushTimeoutMs, scheduler) : NEVER)),
  );
  let waiting = 0;
  let latestProgress: Notification | undefined;

  function flush(notify: (notification: Notification) => void): void {
    const notification = latestProgress;
    latestProgress = undefined;
    if (notification) notify(notification);
  }

  return {
    overflow$,
    flush,
    end: () => overflow$.complete(),
    send(notification, notify) {
      if (notification.method === 'notifications/progress' && waiting > buffer / 2) {
        latestProgress = notification;
        return;
      }
      flush(notify);
      waiting += JSON.stringify(notification).length;
      if (waiting > buffer) overflow$.error(tooSlowError());
      else notify(notification);
    },
    follow(response, signal, onEnd) {
      if (!response.body) {
        onEnd();
        return response;
      }
      const reader = response.body.getReader();
      const work = new Subscription(onEnd);
      const stop = (): void => work.unsubscribe();
      signal.addEventListener('abort', stop, { once: true });
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const isUnread$ = concat(overflow$.pipe(catchError(() => EMPTY)), unread$);
          work.add(
            isUnread$.subscribe(() => {
              stop();
              controller.error(tooSlowError());
              reader.cancel().catch(() => undefined);
            }),
          );
        },
        async pull(controller) {
          read$.next();
          const { done, value } = await reader.read();
          if (done) {
            stop();
            controller.close();
            return;
          }
          waiting = Math.max(0, waiting - value.byteLength);
          controller.enqueue(value);
        },
        cancel(reason) {
          stop();
          return reader.cancel(reason);
        },
      });
      const { status, headers } = response;
      return new Response(body, { status, headers });
    },
  };
}

function tooSlowError(): ServerError {
  return new ServerError('sending: the client does not read its response', { code: errorCode.internalError });
}
