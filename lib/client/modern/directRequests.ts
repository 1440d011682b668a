import { Observable, type Subscriber } from 'rxjs';
import { isObject } from '../../util/isObject';
import { MCPError, ServerError } from '../../errors';
import type { JSONRPCMessage, JSONRPCRequest, RequestId, Result } from '../../protocol/types';
import type { ModernTransport } from './modernTransport';

/** Sends requests without the SDK client: `server/discover`, `subscriptions/listen` and the task requests. */
export interface DirectRequests {
  /**
   * Sends a request on subscription, emits its result and completes. Cold. Unsubscribing before the result cancels the
   * request.
   *
   * @param id - must differ from the ids of all pending requests.
   */
  request$(id: string, method: string, params: Record<string, unknown>): Observable<Result>;
  /** Settles the request that a message is the response to. Returns `false` if there is none. */
  take(message: JSONRPCMessage): boolean;
  /** Fails all pending requests. */
  failAll(error: Error): void;
}

/**
 * Creates {@link DirectRequests} for a transport.
 *
 * @param meta - members to add to the `_meta` of each request.
 */
export function createDirectRequests(transport: ModernTransport, meta: Record<string, unknown>): DirectRequests {
  const open = new Map<RequestId, Subscriber<Result>>();

  return {
    request$: (id, method, params) =>
      new Observable((subscriber) => {
        const controller = new AbortController();
        const { _meta: own } = params;
        const _meta = { ...meta, ...(isObject(own) && own) };
        const request: JSONRPCRequest = { jsonrpc: '2.0', id, method, params: { ...params, _meta } };
        open.set(id, subscriber);
        transport.send(request, { requestSignal: controller.signal }).catch((error: unknown) => {
          subscriber.error(error);
        });
        return () => {
          if (!open.delete(id)) return;
          controller.abort();
          const params = { requestId: id, _meta: meta };
          transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params }).catch(() => undefined);
        };
      }),
    take(message) {
      if ('method' in message || message.id === undefined) return false;
      const subscriber = open.get(message.id);
      if (!subscriber) return false;
      open.delete(message.id);
      if ('error' in message) {
        subscriber.error(errorOf(message.error));
      } else {
        subscriber.next(isObject(message.result) ? message.result : {});
        subscriber.complete();
      }
      return true;
    },
    failAll(error) {
      const pending = [...open.values()];
      open.clear();
      for (const subscriber of pending) subscriber.error(error);
    },
  };
}

function errorOf({ code, message, data }: { code: number; message: string; data?: unknown }): Error {
  // If this library created the error response, its `data` is the original error.
  return data instanceof MCPError ? data : new ServerError(message, { code, data });
}
