import type { JSONRPCRequest, JSONRPCResponse, Notification } from '../protocol/types';

/**
 * Anything that came in, in the order in which it came: a notification, a request of the server, a response to one of ours, or
 * a fault, which is told on `errors$` too. `at` is in milliseconds since the epoch.
 */
export type IncomingMessage = { at: number } & (
  | { kind: 'notification'; notification: Notification }
  | { kind: 'request'; request: JSONRPCRequest }
  | { kind: 'response'; response: JSONRPCResponse }
  | { kind: 'error'; error: Error }
);
