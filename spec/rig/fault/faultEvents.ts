import type { RequestId } from '@modelcontextprotocol/sdk/types.js';

interface ToolEvent {
  name: string;
  id: RequestId;
}

/** What can happen at a fault server: types of events, and what each has in it. */
export interface FaultEvents {
  /** The process listens. */
  up: object;
  /** The process is gone. */
  down: object;
  /** A TCP connection was opened. */
  'socket-open': object;
  'socket-closed': object;
  /** An HTTP request came in; `at` is in milliseconds since the epoch. */
  request: { method: string; at: number; sessionId?: string; lastEventId?: string };
  /** The head of an HTTP answer was written; a `status` of 0 is no answer. */
  answer: { method: string; status: number; sessionId?: string };
  /** A message came from the client: a request, a notification, or (without a method) a response. */
  message: { method?: string; id?: RequestId; params?: unknown; sessionId?: string };
  'session-open': { sessionId: string };
  'session-closed': { sessionId: string };
  /** An event stream was opened: of a GET, or of a POST while its requests are worked on. */
  'stream-open': { method: string; sessionId: string };
  'stream-closed': { method: string; sessionId: string };
  subscribed: { uri: string; sessionId: string };
  unsubscribed: { uri: string; sessionId: string };
  /** A tool call reached its tool. */
  'tool-started': ToolEvent;
  'tool-finished': ToolEvent;
  'tool-failed': ToolEvent;
  /** The client gave the call up, or its session ended. */
  'tool-cancelled': ToolEvent;
  /** A request is held back until it is released. */
  held: { name: string };
}
