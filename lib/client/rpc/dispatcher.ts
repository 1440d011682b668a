import { InvalidNotificationError, MCPError, ServerError } from '../../errors';
import type { Hub } from '../../notification/hub';
import { dropNullParams } from '../../notification/params';
import { errorCode } from '../../protocol/errorCodes';
import {
  errorWithoutId,
  isNotification,
  isRequest,
  isResponse,
  nonConformanceOf,
  repairEnvelope,
} from '../../protocol/message';
import type { JSONRPCMessage, JSONRPCRequest, JSONRPCResponse, Notification, RequestId } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import type { WireLog } from '../connection/wireEvent';
import { hasEmptyResult, readResult } from './results';

/** Receives messages after the hub. */
export interface DispatchTarget {
  onNotification(notification: Notification): void;
  onRequest(request: JSONRPCRequest): void;
  /** Settles a pending request. Called once per request; `id` has the type with which the request was sent. */
  onResponse(response: JSONRPCResponse & { id: RequestId }): void;
  /** Whether the negotiated protocol version has batches. Only 2025-03-26 does. */
  allowsBatches(): boolean;
  /**
   * Whether the wire knows the request of each response, and adds its id to an error without an id. Such an error on any other
   * stream does not fail a request. Default `false`: it fails the only pending request.
   */
  respondsPerRequest?: boolean | undefined;
}

/**
 * Receives all messages of a connection in wire order, and passes each one to the hub first, then to the target. A class, because
 * every connection has one.
 */
export class Dispatcher {
  readonly #hub: Pick<Hub, 'push' | 'report' | 'messages$'>;
  readonly #log: Pick<WireLog, 'message'>;
  readonly #target: DispatchTarget;
  /** The methods of the pending requests, by id. */
  readonly #pending = new Map<RequestId, string>();
  readonly #queue: unknown[] = [];
  #isDispatching = false;
  #isMuted = false;

  /** @param log - receives each message as it was sent or received. */
  constructor(hub: Pick<Hub, 'push' | 'report' | 'messages$'>, log: Pick<WireLog, 'message'>, target: DispatchTarget) {
    this.#hub = hub;
    this.#log = log;
    this.#target = target;
  }

  /** Receives any parsed JSON. Never throws. A call from inside a subscriber is queued. */
  receive(value: unknown): void {
    const queue = this.#queue;
    // With an in-memory transport, a subscriber that sends a request can receive the response before its `send` returns.
    if (this.#isDispatching) {
      queue.push(value);
      return;
    }
    this.#isDispatching = true;
    try {
      if (!this.#isMuted) this.#dispatch(value);
      for (let next = 0; next < queue.length && !this.#isMuted; next++) this.#dispatch(queue[next]);
    } finally {
      if (queue.length > 0) queue.length = 0;
      this.#isDispatching = false;
    }
  }

  /** Registers an outgoing message. A request is pending until the server responds or the client cancels it. */
  onSent(message: JSONRPCMessage): void {
    this.#log.message('out', message);
    if (!('method' in message)) return;
    if ('id' in message) {
      this.#pending.set(message.id, message.method);
    } else if (message.method === 'notifications/cancelled') {
      const id = message.params?.['requestId'];
      if (typeof id === 'string' || typeof id === 'number') this.#pending.delete(id);
    }
  }

  /** Fails a pending request on the server's behalf. The hub does not receive that response. */
  failRequest(received: RequestId, error: Error): void {
    const id = this.#pendingIdOf(received);
    if (id !== undefined && this.#pending.delete(id)) this.#target.onResponse(errorResponse(id, error));
  }

  /** Drops all messages from now on. */
  mute(): void {
    this.#isMuted = true;
  }

  #dispatch(value: unknown): void {
    if (isNotification(value)) {
      const { method } = value;
      const notification: Notification = { method, params: dropNullParams(method, value.params) };
      this.#log.message('in', value);
      if (this.#hub.messages$.observed)
        this.#hub.messages$.next({ at: Date.now(), kind: 'notification', notification });
      if (this.#hub.push(notification)) this.#target.onNotification(notification);
    } else if (isResponse(value)) {
      this.#log.message('in', value);
      if (this.#hub.messages$.observed) this.#hub.messages$.next({ at: Date.now(), kind: 'response', response: value });
      this.#settle(value);
    } else if (isRequest(value)) {
      this.#log.message('in', value);
      if (this.#hub.messages$.observed) this.#hub.messages$.next({ at: Date.now(), kind: 'request', request: value });
      this.#target.onRequest(value);
    } else {
      this.#receiveOther(value);
      return;
    }
    const mismatch = nonConformanceOf(value);
    if (mismatch) this.#reject(mismatch, value);
  }

  #receiveOther(value: unknown): void {
    if (Array.isArray(value)) {
      if (!this.#target.allowsBatches()) this.#reject('unsupported batch', value);
      // One level only, so that nested batches cannot exhaust the stack.
      for (const item of value) if (!Array.isArray(item)) this.#dispatch(item);
      return;
    }
    const repaired = repairEnvelope(value) ?? this.#withEmptyResult(value);
    if (repaired) {
      this.#dispatch(repaired);
      return;
    }
    const error = errorWithoutId(value);
    const [only] = this.#target.respondsPerRequest ? [] : this.#pending.keys();
    if (error && only !== undefined && this.#pending.size === 1) {
      this.#dispatch({ jsonrpc: '2.0', id: only, error });
      return;
    }
    this.#reject(error ? `error without a request id: ${error.message}` : 'not a JSON-RPC message', value);
    const id = isObject(value) && !('method' in value) ? value['id'] : undefined;
    // Fail the pending request: an unreadable response will not be resent.
    if (typeof id === 'number' || typeof id === 'string')
      this.failRequest(
        id,
        new ServerError('receiving: invalid response (not a JSON-RPC message)', { code: errorCode.internalError }),
      );
  }

  /** Returns the pending request's id that a received id stands for. Servers may return a numeric id as a string. */
  #pendingIdOf(id: RequestId | undefined): RequestId | undefined {
    if (id === undefined || this.#pending.has(id)) return id;
    const other = typeof id === 'number' ? String(id) : Number(id);
    return String(other) === String(id) && this.#pending.has(other) ? other : undefined;
  }

  /** Treats `result: null` as the empty result, for requests that have no other result. */
  #withEmptyResult(value: unknown): object | undefined {
    if (!isObject(value) || value['result'] !== null || (value['error'] ?? null) !== null) return undefined;
    const { id } = value;
    const key = typeof id === 'string' || typeof id === 'number' ? this.#pendingIdOf(id) : undefined;
    const method = key === undefined ? undefined : this.#pending.get(key);
    return method !== undefined && hasEmptyResult(method) ? { ...value, result: {} } : undefined;
  }

  #settle(response: JSONRPCResponse): void {
    const id = this.#pendingIdOf(response.id);
    const method = id === undefined ? undefined : this.#pending.get(id);
    // The response to a cancelled request is expected and ignored.
    if (id === undefined || method === undefined) return;
    this.#pending.delete(id);
    // Some servers set the unused one of `result` and `error` to `null`.
    if ('result' in response && isObject(response.result)) {
      const read = readResult(method, response.result);
      for (const error of read.errors) this.#hub.report(error);
      if ('result' in read) this.#target.onResponse({ jsonrpc: '2.0', id, result: read.result });
      else this.#target.onResponse(errorResponse(id, read.failure));
    } else if ('error' in response) {
      this.#target.onResponse({ jsonrpc: '2.0', id, error: response.error });
    }
  }

  #reject(what: string, value: unknown): void {
    const issues = [{ message: what }];
    this.#hub.report(
      new InvalidNotificationError(`receiving: invalid message (${what})`, { issues, notification: value }),
    );
  }
}

/** Returns a response that contains an error of this library; see {@link errorOfResponse}. */
export function errorResponse(id: RequestId, data: Error): JSONRPCResponse & { id: RequestId } {
  return { jsonrpc: '2.0', id, error: { code: errorCode.connectionClosed, message: data.message, data } };
}

/** Returns the typed error of an error response. If the dispatcher failed the request, that is the library's own error. */
export function errorOfResponse({ code, message, data }: { code: number; message: string; data?: unknown }): Error {
  if (data instanceof MCPError) return data;
  // SDK servers prefix the message with the code.
  return new ServerError(message.replace(/^(MCP error -?\d+: )+/, ''), { code, data });
}
