import type { JSONRPCMessage, ProgressToken, Request, RequestId } from '../../protocol/types';
import { isObject } from '../../util/isObject';

/** The client requests whose responses contain input requests: requests of the server, such as elicitations. */
export interface InputRequestOrigins {
  /** Adds a request with a progress token. Returns a function that removes it. */
  add(request: Request): () => void;
  /** Registers a sent message, whose progress token identifies the request. */
  onSent(message: JSONRPCMessage): void;
  /** Marks the input requests in a response with the client's request. */
  onReceived(message: JSONRPCMessage): void;
}

interface Pending {
  request: Request;
  /** The id of the latest message that was sent for the request. */
  id?: RequestId;
}

/** The member of an input request's params that contains the client's request. Copies keep the member, and JSON omits it. */
const origin = Symbol('origin');

/** Creates the {@link InputRequestOrigins} of a connection, whose SDK client answers the input requests with its own handlers. */
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

/** Splits the params of an input request into those of the server and the client request that it belongs to. */
export function readOrigin(params: object): { params: Record<string, unknown>; origin: Request | undefined } {
  const { [origin]: request, ...rest }: Record<string, unknown> & { [origin]?: Request } = { ...params };
  return { params: rest, origin: request };
}

function tokenOf(params: Request['params']): ProgressToken | undefined {
  return params?._meta?.progressToken;
}
