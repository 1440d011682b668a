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

/** Receives all messages of a connection, in wire order. */
export interface Dispatcher {
  /** Receives any parsed JSON. Never throws. A call from inside a subscriber is queued. */
  receive(value: unknown): void;
  /** Registers an outgoing message. A request is pending until the server responds or the client cancels it. */
  sent(message: JSONRPCMessage): void;
  /** Fails a pending request on the server's behalf. The hub does not receive that response. */
  refuse(id: RequestId, error: Error): void;
  /** Drops all messages from now on. */
  mute(): void;
}

/** Creates a dispatcher, which passes each message to the hub first, then to the target. */
export function createDispatcher(
  hub: Pick<Hub, 'push' | 'report' | 'messages$'>,
  log: Pick<WireLog, 'message'>,
  target: DispatchTarget,
): Dispatcher {
  /** The methods of the pending requests, by id. */
  const open = new Map<RequestId, string>();
  const waiting: unknown[] = [];
  let isBusy = false;
  let isMuted = false;

  function take(value: unknown): void {
    if (isNotification(value)) {
      const { method } = value;
      const notification: Notification = { method, params: dropNullParams(method, value.params) };
      log.message('in', value);
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'notification', notification });
      if (hub.push(notification)) target.onNotification(notification);
    } else if (isResponse(value)) {
      log.message('in', value);
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'response', response: value });
      settle(value);
    } else if (isRequest(value)) {
      log.message('in', value);
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'request', request: value });
      target.onRequest(value);
    } else {
      receiveOther(value);
      return;
    }
    const mismatch = nonConformanceOf(value);
    if (mismatch) reject(mismatch, value);
  }

  function receiveOther(value: unknown): void {
    if (Array.isArray(value)) {
      if (!target.allowsBatches()) reject('unsupported batch', value);
      // One level only, so that nested batches cannot exhaust the stack.
      for (const item of value) if (!Array.isArray(item)) take(item);
      return;
    }
    const repaired = repairEnvelope(value) ?? withEmptyResult(value);
    if (repaired) {
      take(repaired);
      return;
    }
    const error = errorWithoutId(value);
    const [only] = target.respondsPerRequest ? [] : open.keys();
    if (error && only !== undefined && open.size === 1) {
      take({ jsonrpc: '2.0', id: only, error });
      return;
    }
    reject(error ? `error without a request id: ${error.message}` : 'not a JSON-RPC message', value);
    const id = isObject(value) && !('method' in value) ? value['id'] : undefined;
    // Fail the pending request: an unreadable response will not be resent.
    if (typeof id === 'number' || typeof id === 'string')
      refuse(
        id,
        new ServerError('receiving: invalid response (not a JSON-RPC message)', { code: errorCode.internalError }),
      );
  }

  /** Returns the pending request's id that a received id stands for. Servers may return a numeric id as a string. */
  function openId(id: RequestId | undefined): RequestId | undefined {
    if (id === undefined || open.has(id)) return id;
    const other = typeof id === 'number' ? String(id) : Number(id);
    return String(other) === String(id) && open.has(other) ? other : undefined;
  }

  /** Treats `result: null` as the empty result, for requests that have no other result. */
  function withEmptyResult(value: unknown): object | undefined {
    if (!isObject(value) || value['result'] !== null || (value['error'] ?? null) !== null) return undefined;
    const { id } = value;
    const key = typeof id === 'string' || typeof id === 'number' ? openId(id) : undefined;
    const method = key === undefined ? undefined : open.get(key);
    return method !== undefined && hasEmptyResult(method) ? { ...value, result: {} } : undefined;
  }

  function settle(response: JSONRPCResponse): void {
    const id = openId(response.id);
    const method = id === undefined ? undefined : open.get(id);
    // The response to a cancelled request is expected and ignored.
    if (id === undefined || method === undefined) return;
    open.delete(id);
    // Some servers set the unused one of `result` and `error` to `null`.
    if ('result' in response && isObject(response.result)) {
      const read = readResult(method, response.result);
      for (const error of read.errors) hub.report(error);
      if ('result' in read) target.onResponse({ jsonrpc: '2.0', id, result: read.result });
      else target.onResponse(errorResponse(id, read.failure));
    } else if ('error' in response) {
      target.onResponse({ jsonrpc: '2.0', id, error: response.error });
    }
  }

  function refuse(received: RequestId, error: Error): void {
    const id = openId(received);
    if (id !== undefined && open.delete(id)) target.onResponse(errorResponse(id, error));
  }

  function reject(what: string, value: unknown): void {
    const issues = [{ message: what }];
    hub.report(new InvalidNotificationError(`receiving: invalid message (${what})`, { issues, notification: value }));
  }

  return {
    receive(value) {
      // With an in-memory transport, a subscriber that sends a request can receive the response before its `send` returns.
      if (isBusy) {
        waiting.push(value);
        return;
      }
      isBusy = true;
      try {
        if (!isMuted) take(value);
        for (let next = 0; next < waiting.length && !isMuted; next++) take(waiting[next]);
      } finally {
        if (waiting.length > 0) waiting.length = 0;
        isBusy = false;
      }
    },
    sent(message) {
      log.message('out', message);
      if (!('method' in message)) return;
      if ('id' in message) {
        open.set(message.id, message.method);
      } else if (message.method === 'notifications/cancelled') {
        const id = message.params?.['requestId'];
        if (typeof id === 'string' || typeof id === 'number') open.delete(id);
      }
    },
    refuse,
    mute() {
      isMuted = true;
    },
  };
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
