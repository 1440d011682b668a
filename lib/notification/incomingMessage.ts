import type { JSONRPCRequest, JSONRPCResponse, Notification } from '../protocol';

/** Anything that came in, in the order in which it came; `at` is in milliseconds since the epoch. */
export type IncomingMessage = { at: number } & (
  | { kind: 'notification'; notification: Notification }
  | { kind: 'request'; request: JSONRPCRequest }
  | { kind: 'response'; response: JSONRPCResponse }
  | { kind: 'error'; error: Error }
);
