import { MCPError, ServerError } from '../../errors';
import type { Hub } from '../../notification/hub';
import { dropNullParams } from '../../notification/params';
import { errorCode } from '../../protocol/errorCodes';
import {
  errorWithoutId,
  invalidMessage,
  isNotification,
  isRequest,
  isRequestId,
  isResponse,
  nonConformanceOf,
  repairEnvelope,
} from '../../protocol/message';
import type { JSONRPCMessage, JSONRPCRequest, JSONRPCResponse, Notification, RequestId } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import type { WireLog } from '../connection/wireEvent';
import { hasEmptyResult, readResult } from './results';

/** The receiver of the messages of a {@link Dispatcher}. Receives each message after the hub. */
export interface DispatchTarget {
  onNotification(notification: Notification): void;
  onRequest(request: JSONRPCRequest): void;
  /** Settles a pending request. Called once per request. `id` has the same type as in the request. */
  onResponse(response: JSONRPCResponse & { id: RequestId }): void;
  /** Whether the negotiated protocol version has batches, which only 2025-03-26 does. */
  allowsBatches(): boolean;
  /**
   * Whether the wire adds the request id to a response that lacks one. `true`: an error without an id does not belong
   * to a request. `false` (default): an error without an id fails the pending request if there is exactly one.
   */
  respondsPerRequest?: boolean | undefined;
}

/**
 * Receives all messages of a connection, in wire order. Passes each message to the hub, then to the target. A class
 * instead of closures, to save memory: every connection has one.
 */
export class Dispatcher {
  readonly #hub: Pick<Hub, 'push' | 'report' | 'messages$'>;
  readonly #log: Pick<WireLog, 'message'>;
  readonly #target: DispatchTarget;
  /** The method of each pending request, by id. */
  readonly #pending = new Map<RequestId, string>();
  readonly #queue: unknown[] = [];
  #isDispatching = false;
  #isStopped = false;

  /** @param log - called with each message, as sent or received. */
  constructor(hub: Pick<Hub, 'push' | 'report' | 'messages$'>, log: Pick<WireLog, 'message'>, target: DispatchTarget) {
    this.#hub = hub;
    this.#log = log;
    this.#target = target;
  }

  /** Receives a message: any parsed JSON. Never throws. A reentrant call, from a subscriber, is queued. */
  receive(value: unknown): void {
    const queue = this.#queue;
    // With an in-memory transport, the response to a request may arrive before `send` returns, so this call may be
    // reentrant.
    if (this.#isDispatching) {
      queue.push(value);
      return;
    }
    this.#isDispatching = true;
    try {
      if (!this.#isStopped) this.#dispatch(value);
      for (let next = 0; next < queue.length && !this.#isStopped; next++) this.#dispatch(queue[next]);
    } finally {
      if (queue.length > 0) queue.length = 0;
      this.#isDispatching = false;
    }
  }

  /** Registers an outgoing message. A request is pending until the server responds or this client cancels it. */
  onSent(message: JSONRPCMessage): void {
    this.#log.message('out', message);
    if (!('method' in message)) return;
    if ('id' in message) {
      this.#pending.set(message.id, message.method);
    } else if (message.method === 'notifications/cancelled') {
      const id = message.params?.['requestId'];
      if (isRequestId(id)) this.#pending.delete(id);
    }
  }

  /** Fails a pending request as if the server had responded with an error. The hub does not receive this response. */
  failRequest(received: RequestId, error: Error): void {
    const id = this.#pendingIdOf(received);
    if (id !== undefined && this.#pending.delete(id)) this.#target.onResponse(errorResponse(id, error));
  }

  /** Makes the dispatcher drop all further messages. */
  stopReceiving(): void {
    this.#isStopped = true;
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
    // Fail the pending request, because the server does not resend an unreadable response.
    if (isRequestId(id)) this.failRequest(id, new ServerError('receiving: invalid response (not a JSON-RPC message)'));
  }

  /**
   * Returns the id of the pending request that a received id belongs to. Tolerates a numeric id that is sent as a
   * string.
   */
  #pendingIdOf(id: RequestId | undefined): RequestId | undefined {
    if (id === undefined || this.#pending.has(id)) return id;
    const other = typeof id === 'number' ? String(id) : Number(id);
    return String(other) === String(id) && this.#pending.has(other) ? other : undefined;
  }

  /** Replaces `result: null` with an empty result, if the result of the method is always empty. */
  #withEmptyResult(value: unknown): object | undefined {
    if (!isObject(value) || value['result'] !== null || (value['error'] ?? null) !== null) return undefined;
    const { id } = value;
    const key = isRequestId(id) ? this.#pendingIdOf(id) : undefined;
    const method = key === undefined ? undefined : this.#pending.get(key);
    return method !== undefined && hasEmptyResult(method) ? { ...value, result: {} } : undefined;
  }

  #settle(response: JSONRPCResponse): void {
    const id = this.#pendingIdOf(response.id);
    const method = id === undefined ? undefined : this.#pending.get(id);
    // A response to a cancelled request may still arrive, and is ignored.
    if (id === undefined || method === undefined) return;
    this.#pending.delete(id);
    // Some servers send both members, with `null` for the unused one.
    if ('result' in response && isObject(response.result)) {
      const result = readResult(method, response.result, this.#hub.report);
      this.#target.onResponse(result instanceof Error ? errorResponse(id, result) : { jsonrpc: '2.0', id, result });
    } else if ('error' in response) {
      this.#target.onResponse({ jsonrpc: '2.0', id, error: response.error });
    }
  }

  #reject(reason: string, value: unknown): void {
    this.#hub.report(invalidMessage(reason, value));
  }
}

/** Creates a response that contains an error of this library. {@link errorOfResponse} returns that error. */
export function errorResponse(id: RequestId, data: Error): JSONRPCResponse & { id: RequestId } {
  return { jsonrpc: '2.0', id, error: { code: errorCode.connectionClosed, message: data.message, data } };
}

/** Converts an error response to a typed error. If {@link errorResponse} created it, returns the original error. */
export function errorOfResponse({ code, message, data }: { code: number; message: string; data?: unknown }): Error {
  if (data instanceof MCPError) return data;
  // SDK servers prefix the message with the error code.
  return new ServerError(message.replace(/^(MCP error -?\d+: )+/, ''), { code, data });
}
