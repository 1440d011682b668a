import { InvalidNotificationError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import type { Hub } from '../notification/hub';
import type { JSONRPCMessage, JSONRPCResponse, Notification, ProgressToken, RequestId } from '../protocol/types';
import { isNotification, isRequest, isResponse, nonConformanceOf } from '../protocol/message';
import { isObject } from '../util/isObject';
import { createSeenRequests } from '../protocol/seenRequests';
import type { WireLog } from '../client/connection/wireEvent';
import { createSerial } from './serial';

/** What stands behind the tap: the SDK, which hears second, and only what it needs. */
export interface TapTarget {
  /** Hands a message to the SDK. */
  deliver(message: JSONRPCMessage): void;
  /** Whether somebody registered a handler for this method on the SDK's own client. */
  handles(method: string): boolean;
  /** Whether the protocol that was agreed on has batches; only 2025-03-26 has. */
  allowsBatches(): boolean;
}

/** The one place through which every message of a connection comes in, in wire order. */
export interface Tap {
  /** Takes what came in: any parsed JSON. Never throws. */
  receive(value: unknown): void;
  /** Answers an open request in the server's place, with an error. Nobody else hears of it. */
  refuse(id: RequestId, code: number, message: string, data?: unknown): void;
  /** Takes note of what goes out: which requests are open, and which progress tokens are the SDK's own. */
  sent(message: JSONRPCMessage): void;
  /** Nothing that comes in after this is seen by anybody. */
  mute(): void;
}

/** A tap that tells the hub first, then the SDK, in order, only what it needs. */
export function createTap(
  hub: Hub,
  target: TapTarget,
  log: Pick<WireLog, 'message'> = { message: () => undefined },
): Tap {
  const open = new Set<RequestId>();
  const isRepeated = createSeenRequests();
  const sdkTokens = new Set<ProgressToken>();
  const waiting: unknown[] = [];
  const deliver = createSerial(target.deliver);
  let busy = false;
  let muted = false;

  function isForSdk({ method, params }: Notification): boolean {
    if (method === 'notifications/cancelled' || target.handles(method)) return true;
    if (method !== 'notifications/progress') return false;
    const token = params?.['progressToken'];
    return (typeof token === 'number' || typeof token === 'string') && sdkTokens.has(token);
  }

  function take(value: unknown): void {
    if (isNotification(value)) {
      const { method, params } = value;
      const notification: Notification = { method, params };
      log.message('in', value);
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'notification', notification });
      const isFit = hub.push(notification);
      // The SDK would find the same fault, in a thousand times the time.
      if (isFit && isForSdk(notification)) deliver({ jsonrpc: '2.0', method, params });
    } else if (isResponse(value)) {
      log.message('in', value);
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'response', response: value });
      answer(value);
    } else if (isRequest(value)) {
      log.message('in', value);
      if (isRepeated(value)) return;
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'request', request: value });
      const { id, method, params } = value;
      deliver({ jsonrpc: '2.0', id, method, params });
    } else if (Array.isArray(value)) {
      if (!target.allowsBatches()) reject('a batch, which this version of the protocol does not have', value);
      // No deeper: what a server nests is not to decide how deep the stack gets.
      for (const item of value) if (!Array.isArray(item)) take(item);
      return;
    } else {
      reject('no JSON-RPC message', value);
      // Whoever waits for an answer that can not be read would wait for ever: it is not coming a second time.
      const id = isObject(value) && !('method' in value) ? value['id'] : undefined;
      if (typeof id === 'number' || typeof id === 'string')
        refuse(id, errorCode.internalError, 'the answer was no JSON-RPC message');
      return;
    }
    const odd = nonConformanceOf(value);
    if (odd) reject(odd, value);
  }

  function answer(response: JSONRPCResponse): void {
    const { id } = response;
    // An answer to what nobody waits for any more, since it was cancelled, is no news to the SDK.
    if (id === undefined || !open.delete(id)) return;
    const result = 'result' in response && isObject(response.result) ? response.result : undefined;
    // A task goes on after the answer to the request that began it, and so does its progress.
    if (!isObject(result?.['task'])) sdkTokens.delete(id);
    if (result) deliver({ jsonrpc: '2.0', id, result });
    else if ('error' in response) deliver({ jsonrpc: '2.0', id, error: response.error });
  }

  function refuse(id: RequestId, code: number, message: string, data?: unknown): void {
    answer({ jsonrpc: '2.0', id, error: { code, message, data } });
  }

  function reject(what: string, value: unknown): void {
    const issues = [{ message: what }];
    hub.report(new InvalidNotificationError(`the server sent ${what}`, { issues, notification: value }));
  }

  return {
    receive(value) {
      // In memory, a subscriber that sends something can have the answer come in before it returns.
      if (busy) {
        waiting.push(value);
        return;
      }
      busy = true;
      try {
        if (!muted) take(value);
        for (let next = 0; next < waiting.length && !muted; next++) take(waiting[next]);
      } finally {
        if (waiting.length > 0) waiting.length = 0;
        busy = false;
      }
    },
    refuse,
    sent(message) {
      log.message('out', message);
      if (!('method' in message)) return;
      if ('id' in message) {
        open.add(message.id);
        if (message.params?._meta?.progressToken === message.id) sdkTokens.add(message.id);
      } else if (message.method === 'notifications/cancelled') {
        const id = message.params?.['requestId'];
        if (typeof id !== 'string' && typeof id !== 'number') return;
        open.delete(id);
        sdkTokens.delete(id);
      }
    },
    mute() {
      muted = true;
    },
  };
}
