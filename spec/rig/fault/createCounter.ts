import type { FaultCounts } from './faultCounts';
import type { FaultEvent } from './faultEvent';

/** Turns events into counts. */
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
