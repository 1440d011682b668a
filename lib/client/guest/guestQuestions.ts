import { RequestCancelledError, ServerError } from '../../errors';
import { errorCode, methodNotFound } from '../../protocol/errorCodes';
import type { JSONRPCMessage, JSONRPCResponse, Request, RequestId, Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';

/** The requests of the server that a client is answering. */
export interface GuestQuestions {
  /** Sends a request to the client. `signal` cancels it there. Rejects with a `ServerError` if the client answers with an error. */
  ask(request: Request, signal: AbortSignal): Promise<Result>;
  /** Takes an answer of the client. */
  settle(response: JSONRPCResponse): void;
  /** Rejects what is open with "method not found", so that the next client is asked. */
  close(): void;
}

interface Question {
  resolve(result: Result): void;
  reject(error: Error): void;
}

/**
 * See {@link GuestQuestions}.
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
      // From 1: the SDK's client ignores the cancellation of id 0.
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
        question.reject(new ServerError('the client answered without a result', { code: errorCode.internalError }));
      }
    },
    close() {
      closed = true;
      for (const { method, reject } of [...open.values()]) reject(methodNotFound(method));
    },
  };
}
