import { filter, map, Observable, type Subscriber } from 'rxjs';
import { ConnectionLostError, MCPError, ServerError } from '../errors';
import type { CallEvent } from '../client/session/callOptions';
import { isObject } from '../util/isObject';
import { reasonOf } from '../util/reasonOf';
import { errorCode } from '../protocol/errorCodes';
import type { ClientCapabilities, Result } from '../protocol/types';
import { assertResult, unsupported } from './clientAnswers';
import { supports } from './supports';

/** Sends requests to clients. */
export interface ServerRequests {
  /**
   * Sends a request to a client. Emits the client's progress, then the result, and completes. Cold. Unsubscribing sends
   * `notifications/cancelled`.
   *
   * Errors with a `ServerError` if the client does not support the request or responds with a JSON-RPC error. Errors
   * with a `ConnectionLostError` if the request cannot be sent.
   *
   * @param client - the session of the client. Responses of other sessions are ignored.
   * @param send - sends a message. Rejects if the message cannot be sent.
   */
  request$(
    client: RequestedClient,
    method: string,
    params: Record<string, unknown>,
    send: (message: object) => void | Promise<void>,
  ): Observable<CallEvent<Result>>;
  /** Like {@link ServerRequests.request$}, but emits only the result. */
  answer$(...request: Parameters<ServerRequests['request$']>): Observable<Result>;
  /** Handles a response or progress from a client. If another node sent the request, returns the name of that node. */
  settle(session: string, message: unknown): string | undefined;
}

/** The session of the client that a request is sent to. */
interface RequestedClient {
  readonly id: string;
  readonly capabilities: ClientCapabilities;
}

interface PendingRequest {
  session: string;
  method: string;
  subscriber: Subscriber<CallEvent<Result>>;
}

/**
 * Creates the {@link ServerRequests} of a node. Request ids have the form `{node}:{n}`, so that each node can determine
 * which node a response belongs to.
 */
export function createServerRequests(node: () => string, onError: (error: unknown) => void): ServerRequests {
  const open = new Map<string, PendingRequest>();
  let count = 0;

  const self: ServerRequests = {
    request$: ({ id: session, capabilities }, method, params, send) =>
      new Observable((subscriber) => {
        if (!supports(capabilities, method)) {
          subscriber.error(unsupported(method));
          return;
        }
        const id = `${node()}:${String(++count)}`;
        open.set(id, { session, method, subscriber });
        subscriber.add(() => {
          if (!open.delete(id)) return;
          const cancellation = { method: 'notifications/cancelled', params: { requestId: id, reason: 'withdrawn' } };
          Promise.resolve(send(cancellation)).catch(onError);
        });
        const meta = isObject(params['_meta']) ? params['_meta'] : {};
        const request = { id, method, params: { ...params, _meta: { ...meta, progressToken: id } } };
        Promise.resolve(send(request)).catch((cause: unknown) => {
          open.delete(id);
          subscriber.error(toSendError(method, cause));
        });
      }),

    answer$: (...request) =>
      self.request$(...request).pipe(
        filter((event) => event.kind === 'result'),
        map(({ result }) => result),
      ),

    settle(session, message) {
      const id = requestIdOf(message);
      if (id === undefined) return undefined;
      const [owner] = id.split(':');
      if (owner !== node()) return owner;
      const pending = open.get(id);
      if (pending?.session !== session || !isObject(message)) return undefined;
      const { subscriber, method } = pending;
      if ('method' in message) {
        const { params } = message;
        if (isProgress(params)) subscriber.next({ kind: 'progress', ...params });
        return undefined;
      }
      open.delete(id);
      if (isObject(message['error'])) {
        subscriber.error(toServerError(method, message['error']));
        return undefined;
      }
      try {
        subscriber.next({ kind: 'result', result: assertResult(method)(message['result']) });
        subscriber.complete();
      } catch (error) {
        subscriber.error(error);
      }
      return undefined;
    },
  };
  return self;
}

/** Returns the request id that a response or a progress notification belongs to. */
function requestIdOf(message: unknown): string | undefined {
  if (!isObject(message)) return undefined;
  const { params } = message;
  const id = 'method' in message ? (isObject(params) ? params['progressToken'] : undefined) : message['id'];
  return typeof id === 'string' && id.includes(':') ? id : undefined;
}

function isProgress(params: unknown): params is { progressToken: string; progress: number } {
  return isObject(params) && typeof params['progress'] === 'number' && typeof params['progressToken'] === 'string';
}

function toSendError(method: string, cause: unknown): MCPError {
  if (cause instanceof MCPError) return cause;
  return new ConnectionLostError(`${method}: sending to the client failed (${reasonOf(cause).message})`, { cause });
}

function toServerError(method: string, { code, message, data }: Record<string, unknown>): ServerError {
  return new ServerError(typeof message === 'string' ? message : `${method}: the client answered with an error`, {
    code: Number.isInteger(code) ? Number(code) : errorCode.internalError,
    data,
  });
}
