import type { JSONRPCMessage, ProgressToken, Request, RequestId } from '../../protocol/types';
import { isObject } from '../../util/isObject';

/**
 * Finds the client request that an input request belongs to. Input requests are server requests, such as elicitations,
 * that are embedded in the response to a client request.
 */
export interface InputRequestOrigins {
  /** Adds a client request, which must have a progress token. Returns a function that removes it. */
  add(request: Request): () => void;
  /** Registers an outgoing message. Its progress token identifies the client request. */
  onSent(message: JSONRPCMessage): void;
  /** Marks the input requests in a response with the client request that they belong to. */
  onReceived(message: JSONRPCMessage): void;
}

interface Pending {
  request: Request;
  /** The id of the latest message that was sent for this request. */
  id?: RequestId;
}

/**
 * The member of the params of an input request that contains the client request. A symbol, because copies preserve it,
 * and JSON omits it.
 */
const origin = Symbol('origin');

/**
 * Creates the {@link InputRequestOrigins} of a connection. Needed because the SDK client does not pass the client
 * request to the handlers of its input requests.
 */
export function createInputRequestOrigins(): InputRequestOrigins {
  const byToken = new Map<ProgressToken, Pending>();
  const byId = new Map<RequestId, Pending>();

  function forget({ id }: Pending): void {
    if (id !== undefined) byId.delete(id);
  }

  return {
    add(request) {
      const token = tokenOf(request.params);
      if (token === undefined) return () => undefined;
      const pending: Pending = { request };
      byToken.set(token, pending);
      return () => {
        forget(pending);
        if (byToken.get(token) === pending) byToken.delete(token);
      };
    },
    onSent(message) {
      if (!('method' in message) || !('id' in message)) return;
      const token = tokenOf(message.params);
      const pending = token === undefined ? undefined : byToken.get(token);
      if (!pending) return;
      forget(pending);
      pending.id = message.id;
      byId.set(message.id, pending);
    },
    onReceived(message) {
      if (!('result' in message) || message.result['resultType'] !== 'input_required') return;
      const { inputRequests } = message.result;
      const pending = byId.get(message.id);
      if (!pending || !isObject(inputRequests)) return;
      for (const inputRequest of Object.values(inputRequests)) {
        if (isObject(inputRequest) && isObject(inputRequest['params'])) {
          Object.assign(inputRequest['params'], { [origin]: pending.request });
        }
      }
    },
  };
}

/** Separates the params of an input request from the client request that it belongs to. */
export function readOrigin(params: object): { params: Record<string, unknown>; origin: Request | undefined } {
  const { [origin]: request, ...rest }: Record<string, unknown> & { [origin]?: Request } = { ...params };
  return { params: rest, origin: request };
}

function tokenOf(params: Request['params']): ProgressToken | undefined {
  return params?._meta?.progressToken;
}
