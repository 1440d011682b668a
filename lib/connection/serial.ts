import type { JSONRPCMessage } from '../protocol/types';

/**
 * Hands messages to the SDK one at a time. It acts on a notification a microtask after it got it, but on a response at
 * once: progress that comes in together with its result would find nobody waiting for it any more. So what comes after a
 * notification waits until the SDK has dealt with that.
 */
export function createSerial(deliver: (message: JSONRPCMessage) => void): (message: JSONRPCMessage) => void {
  const waiting: JSONRPCMessage[] = [];
  let settling = false;

  /** Returns whether the next one may follow at once. */
  function hand(message: JSONRPCMessage): boolean {
    deliver(message);
    if ('id' in message) return true;
    settling = true;
    // Queued after the SDK's own, and so run after it.
    queueMicrotask(settle);
    return false;
  }

  function settle(): void {
    settling = false;
    let next = waiting.shift();
    while (next && hand(next)) next = waiting.shift();
  }

  return (message) => {
    if (settling) waiting.push(message);
    else hand(message);
  };
}
