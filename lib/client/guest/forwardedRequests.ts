import { RequestCancelledError, ServerError } from '../../errors';
import { errorCode, methodNotFound } from '../../protocol/errorCodes';
import type { JSONRPCMessage, JSONRPCResponse, Request, RequestId, Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';

/** The server requests that a client is answering. */
export interface ForwardedRequests {
  /**
   * Sends a server request to the client. Aborting `signal` sends a cancellation to the client. Rejects with a
   * `ServerError` if the client responds with an error.
   */
  request(request: Request, signal: AbortSignal): Promise<Result>;
  /** Settles the request that a response from the client belongs to. */
  settle(response: JSONRPCResponse): void;
  /** Rejects all pending requests with "method not found", so that they are sent to the next client. */
  close(): void;
}

interface PendingRequest {
  resolve(result: Result): void;
  reject(error: Error): void;
}

/**
 * Creates a {@link ForwardedRequests}.
 *
 * @param deliver - sends a message to the client.
 */
export function createForwardedRequests(deliver: (message: JSONRPCMessage) => void): ForwardedRequests {
  const open = new Map<RequestId, PendingRequest & { method: string }>();
  let isClosed = false;
  let ids = 0;

  return {
    request({ method, params }, signal) {
      if (isClosed) return Promise.reject(methodNotFound(method));
      // Ids start at 1, because the SDK's client ignores a cancellation of id 0.
      const id = ++ids;
      return new Promise<Result>((resolve, reject) => {
        const cancel = (): void => {
          open.delete(id);
          deliver({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
          reject(new RequestCancelledError(`${method}: cancelled`));
        };
        const settled = (): void => {
          open.delete(id);
          signal.removeEventListener('abort', cancel);
        };
        open.set(id, {
          method,
          resolve(result) {
            settled();
            resolve(result);
          },
          reject(error) {
            settled();
            reject(error);
          },
        });
        signal.addEventListener('abort', cancel, { once: true });
        deliver({ jsonrpc: '2.0', id, method, ...(params && { params }) });
      });
    },
    settle(response) {
      const { id } = response;
      const pending = id === undefined ? undefined : open.get(id);
      if (!pending) return;
      if ('error' in response) {
        const { code, message, data } = response.error;
        pending.reject(new ServerError(message, { code, data }));
      } else if (isObject(response.result)) {
        pending.resolve(response.result);
      } else {
        pending.reject(
          new ServerError(`${pending.method}: the client responded without a result`, {
            code: errorCode.internalError,
          }),
        );
      }
    },
    close() {
      isClosed = true;
      for (const { method, reject } of [...open.values()]) reject(methodNotFound(method));
    },
  };
}
