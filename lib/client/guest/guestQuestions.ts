import { RequestCancelledError, ServerError } from '../../errors';
import { errorCode, methodNotFound } from '../../protocol/errorCodes';
import type { JSONRPCMessage, JSONRPCResponse, Request, RequestId, Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';

/** Server requests that a client is answering. */
export interface GuestQuestions {
  /**
   * Sends a server request to the client. Aborting `signal` cancels it there. Rejects with a `ServerError` if the client responds
   * with an error.
   */
  ask(request: Request, signal: AbortSignal): Promise<Result>;
  /** Settles the request that a response of the client belongs to. */
  settle(response: JSONRPCResponse): void;
  /** Rejects the pending requests with "method not found", so that they are sent to the next client. */
  close(): void;
}

interface Question {
  resolve(result: Result): void;
  reject(error: Error): void;
}

/**
 * Creates a {@link GuestQuestions}.
 *
 * @param deliver - sends a message to the client.
 */
export function createGuestQuestions(deliver: (message: JSONRPCMessage) => void): GuestQuestions {
  const open = new Map<RequestId, Question & { method: string }>();
  let closed = false;
  let ids = 0;

  return {
    ask({ method, params }, signal) {
      if (closed) return Promise.reject(methodNotFound(method));
      // Ids start at 1, because the SDK's client ignores the cancellation of id 0.
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
      const question = id === undefined ? undefined : open.get(id);
      if (!question) return;
      if ('error' in response) {
        const { code, message, data } = response.error;
        question.reject(new ServerError(message, { code, data }));
      } else if (isObject(response.result)) {
        question.resolve(response.result);
      } else {
        question.reject(
          new ServerError(`${question.method}: the client responded without a result`, {
            code: errorCode.internalError,
          }),
        );
      }
    },
    close() {
      closed = true;
      for (const { method, reject } of [...open.values()]) reject(methodNotFound(method));
    },
  };
}
