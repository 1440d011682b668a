import { InvalidNotificationError } from '../errors';
import type { Hub } from '../notification/hub';
import type { JSONRPCMessage, Notification, ProgressToken, RequestId } from '../protocol';
import { isNotification, isObject, isRequest, isResponse } from './message';
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
  /** Takes note of what goes out: which requests are open, and which progress tokens are the SDK's own. */
  sent(message: JSONRPCMessage): void;
  /** Nothing that comes in after this is seen by anybody. */
  mute(): void;
}

/** A tap that tells the hub first, then the SDK, in order, only what it needs. */
export function createTap(hub: Hub, target: TapTarget): Tap {
  const open = new Set<RequestId>();
  const sdkTokens = new Set<ProgressToken>();
  const queue: unknown[] = [];
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
      const notification: Notification = { method: value.method, params: value.params };
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'notification', notification });
      hub.push(notification);
      if (isForSdk(notification)) deliver(value);
    } else if (isResponse(value)) {
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'response', response: value });
      // An answer to what nobody waits for any more, since it was cancelled, is no news to the SDK.
      if (!('id' in value) || value.id === undefined || !open.delete(value.id)) return;
      // A task goes on after the answer to the request that began it, and so does its progress.
      if (!('result' in value && isObject(value.result['task']))) sdkTokens.delete(value.id);
      deliver(value);
    } else if (isRequest(value)) {
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'request', request: value });
      deliver(value);
    } else if (Array.isArray(value)) {
      if (!target.allowsBatches()) reject('a batch, which this version of the protocol does not have', value);
      value.forEach(take);
    } else {
      reject('no JSON-RPC message', value);
    }
  }

  function reject(what: string, value: unknown): void {
    const issues = [{ message: what }];
    hub.report(new InvalidNotificationError(`the server sent ${what}`, { issues, notification: value }));
  }

  return {
    receive(value) {
      // In memory, a subscriber that sends something can have the answer come in before it returns.
      queue.push(value);
      if (busy) return;
      busy = true;
      try {
        for (let next = 0; next < queue.length && !muted; next++) take(queue[next]);
      } finally {
        queue.length = 0;
        busy = false;
      }
    },
    sent(message) {
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
