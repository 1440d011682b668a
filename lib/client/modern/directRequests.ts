import { Observable, type Subscriber } from 'rxjs';
import { isObject } from '../../util/isObject';
import { MCPError, ServerError } from '../../errors';
import type { JSONRPCMessage, JSONRPCRequest, RequestId, Result } from '../../protocol/types';
import type { ModernTransport } from './modernTransport';

/** Requests that are made beside the SDK: what the server speaks, and what it is to tell of. */
export interface DirectRequests {
  /**
   * Cold; sends the request, emits its result and completes. Unsubscribing before that cancels it. The id is not to be one
   * that is open already.
   */
  request$(id: string, method: string, params: Record<string, unknown>): Observable<Result>;
  /** Takes a message if it answers one of these; returns whether it did. */
  take(message: JSONRPCMessage): boolean;
  /** Fails all that are open: there will be no answers. */
  lose(error: Error): void;
}

/** See {@link DirectRequests}. */
export function createDirectRequests(transport: ModernTransport, meta: Record<string, unknown>): DirectRequests {
  const open = new Map<RequestId, Subscriber<Result>>();

  return {
    request$: (id, method, params) =>
      new Observable((subscriber) => {
        const controller = new AbortController();
        const request: JSONRPCRequest = { jsonrpc: '2.0', id, method, params: { ...params, _meta: meta } };
        open.set(id, subscriber);
        transport.send(request, { requestSignal: controller.signal }).catch((error: unknown) => {
          subscriber.error(error);
        });
        return () => {
          // What has been answered is no longer open.
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
    lose(error) {
      const lost = [...open.values()];
      open.clear();
      for (const subscriber of lost) subscriber.error(error);
    },
  };
}

function errorOf({ code, message, data }: { code: number; message: string; data?: unknown }): Error {
  // What this library answers on the server's behalf carries its own error.
  return data instanceof MCPError ? data : new ServerError(message, { code, data });
}
