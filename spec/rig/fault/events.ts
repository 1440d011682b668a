import type { RequestId } from '@modelcontextprotocol/sdk/types.js';

interface ToolEvent {
  name: string;
  id: RequestId;
}

/** The events of a fault server: types, with the members of each. */
export interface FaultEvents {
  /** The process listens. */
  up: object;
  /** The process has exited. */
  down: object;
  /** A TCP connection was opened. */
  'socket-open': object;
  'socket-closed': object;
  /** An HTTP request arrived. `at` is in milliseconds since the epoch. */
  request: { method: string; at: number; sessionId?: string; lastEventId?: string };
  /** The head of an HTTP response was written. `status` is 0 if there is no response. */
  answer: { method: string; status: number; sessionId?: string };
  /** A message of the client arrived: a request, a notification, or (without a method) a response. */
  message: { method?: string; id?: RequestId; params?: unknown; sessionId?: string };
  'session-open': { sessionId: string };
  'session-closed': { sessionId: string };
  /** An event stream was opened: by a GET, or by a POST while its requests are processed. */
  'stream-open': { method: string; sessionId: string };
  'stream-closed': { method: string; sessionId: string };
  subscribed: { uri: string; sessionId: string };
  unsubscribed: { uri: string; sessionId: string };
  /** A tool call reached its tool. */
  'tool-started': ToolEvent;
  'tool-finished': ToolEvent;
  'tool-failed': ToolEvent;
  /** The client cancelled the call, or its session ended. */
  'tool-cancelled': ToolEvent;
  /** A request is held back until it is released. */
  held: { name: string };
}

/** An event of a fault server. */
export type FaultEvent = { [Type in keyof FaultEvents]: { type: Type } & FaultEvents[Type] }[keyof FaultEvents];

/** Totals since the first start of the fault server, across restarts. Numbers of open resources are current. */
export interface FaultCounts {
  /** HTTP requests by method. */
  requests: Record<string, number>;
  /** Responses by method and status, as in `GET 409`. */
  answers: Record<string, number>;
  /** The arrival time of each GET, in milliseconds since the epoch. */
  gets: number[];
  /** Messages of the client by method. Its responses are counted as `response`. */
  messages: Record<string, number>;
  /** The ids in the client's `notifications/cancelled`. */
  cancelled: RequestId[];
  /** The number of sessions that were ever opened. */
  sessionsOpened: number;
  /** Open sessions. */
  sessions: number;
  /** Open GET streams. */
  getStreams: number;
  /** Open POST streams. */
  postStreams: number;
  /** Open TCP connections. */
  sockets: number;
  /** The number of subscribed sessions, by URI. */
  subscriptions: Record<string, number>;
}

/** Whether an event has this type and these members. */
export function matches<Type extends keyof FaultEvents>(
  event: FaultEvent,
  wanted: { type: Type } & Partial<FaultEvents[Type]>,
): event is Extract<FaultEvent, { type: Type }> {
  const members = new Map<string, unknown>(Object.entries(event));
  return Object.entries(wanted).every(([name, value]) => members.get(name) === value);
}

/** Creates a counter of events. */
export function createCounter(): { add(event: FaultEvent): void; current(): FaultCounts } {
  const counts: FaultCounts = {
    requests: {},
    answers: {},
    gets: [],
    messages: {},
    cancelled: [],
    sessionsOpened: 0,
    subscriptions: {},
    ...nothingOpen,
  };
  return { add: (event) => count(counts, event), current: () => structuredClone(counts) };
}

const nothingOpen = { sessions: 0, getStreams: 0, postStreams: 0, sockets: 0 };

function count(counts: FaultCounts, event: FaultEvent): void {
  switch (event.type) {
    case 'down':
      Object.assign(counts, nothingOpen, { subscriptions: {} });
      break;
    case 'socket-open':
    case 'socket-closed':
      counts.sockets += event.type === 'socket-open' ? 1 : -1;
      break;
    case 'request':
      increment(counts.requests, event.method);
      if (event.method === 'GET') counts.gets.push(event.at);
      break;
    case 'answer':
      increment(counts.answers, `${event.method} ${event.status}`);
      break;
    case 'message':
      increment(counts.messages, event.method ?? 'response');
      if (event.method === 'notifications/cancelled') counts.cancelled.push(...cancelledId(event.params));
      break;
    case 'session-open':
      counts.sessionsOpened += 1;
      counts.sessions += 1;
      break;
    case 'session-closed':
      counts.sessions -= 1;
      break;
    case 'stream-open':
    case 'stream-closed':
      counts[event.method === 'GET' ? 'getStreams' : 'postStreams'] += event.type === 'stream-open' ? 1 : -1;
      break;
    case 'subscribed':
    case 'unsubscribed':
      increment(counts.subscriptions, event.uri, event.type === 'subscribed' ? 1 : -1);
      break;
  }
}

function increment(totals: Record<string, number>, key: string, by = 1): void {
  totals[key] = (totals[key] ?? 0) + by;
}

function cancelledId(params: unknown): (string | number)[] {
  const id = typeof params === 'object' && params !== null && 'requestId' in params ? params.requestId : undefined;
  return typeof id === 'string' || typeof id === 'number' ? [id] : [];
}
