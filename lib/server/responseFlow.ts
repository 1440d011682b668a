import { ReplaySubject, type Observable } from 'rxjs';
import { ServerError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import type { Notification } from '../protocol/types';

/**
 * Limits the buffered part of an SDK response. Needed because the SDK writes without waiting for the client to read.
 */
export interface ResponseFlow {
  /** Sends a notification. While the client reads slowly, only the latest progress is kept. */
  send(notification: Notification, notify: (notification: Notification) => void): void;
  /** Sends the latest progress, if it was kept back. */
  flush(notify: (notification: Notification) => void): void;
  /** Errors when the buffered part exceeds the limit. The call then ends. Never emits. */
  readonly overflow$: Observable<never>;
  /**
   * Counts the bytes that the client reads. Calls `onEnd` once, when the response has ended or the client has
   * disconnected.
   */
  follow(response: Response, signal: AbortSignal, onEnd: () => void): Response;
}

/**
 * Creates a {@link ResponseFlow}.
 *
 * @param buffer - the maximum number of bytes that the client has not read yet.
 */
export function createResponseFlow(buffer: number): ResponseFlow {
  const overflow$ = new ReplaySubject<never>(1);
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
      signal.addEventListener('abort', onEnd, { once: true });
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const { done, value } = await reader.read();
          if (done) {
            onEnd();
            controller.close();
            return;
          }
          waiting = Math.max(0, waiting - value.byteLength);
          controller.enqueue(value);
        },
        cancel(reason) {
          onEnd();
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
