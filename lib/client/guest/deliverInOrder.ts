import type { JSONRPCMessage } from '../../protocol/types';

/**
 * Returns a function that passes messages to an MCP client one at a time.
 *
 * The SDK's clients process a notification in a microtask, but a response synchronously: progress that arrives together with its
 * result would be dropped, because the result removes the progress handler first. Therefore, the message after a notification waits
 * until that microtask has run.
 *
 * @see https://github.com/modelcontextprotocol/typescript-sdk/issues/2580
 */
export function deliverInOrder(deliver: (message: JSONRPCMessage) => void): (message: JSONRPCMessage) => void {
  const waiting: JSONRPCMessage[] = [];
  let flushing = false;

  /** Delivers a message. Returns whether the next message can be delivered immediately. */
  function deliverNext(message: JSONRPCMessage): boolean {
    flushing = !('id' in message);
    deliver(message);
    // The client queued its microtask during `deliver`, so this one runs after it.
    if (flushing) queueMicrotask(flush);
    return !flushing;
  }

  function flush(): void {
    flushing = false;
    let next = waiting.shift();
    while (next && deliverNext(next)) next = waiting.shift();
  }

  return (message) => {
    if (flushing || waiting.length > 0) waiting.push(message);
    else deliverNext(message);
  };
}
