import type { RequestId } from '@modelcontextprotocol/sdk/types.js';

/** Totals since the fault server was first started, across restarts; what is open is as of now. */
export interface FaultCounts {
  /** HTTP requests by method. */
  requests: Record<string, number>;
  /** Answers by method and status, as in `GET 409`. */
  answers: Record<string, number>;
  /** When each GET came in, in milliseconds since the epoch. */
  gets: number[];
  /** Messages from the client by method; its responses are under `response`. */
  messages: Record<string, number>;
  /** The ids in the client's `notifications/cancelled`. */
  cancelled: RequestId[];
  /** Sessions that were ever opened. */
  sessionsOpened: number;
  /** Open sessions. */
  sessions: number;
  /** Open GET streams. */
  getStreams: number;
  /** Open POST streams. */
  postStreams: number;
  /** Open TCP connections. */
  sockets: number;
  /** By URI, the number of sessions that are subscribed to it. */
  subscriptions: Record<string, number>;
}
