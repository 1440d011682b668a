import { parseEvents } from '../rig/parseEvents';
import type { Served } from '../rig/serve';

/** One event of a response. */
export interface ServedEvent {
  id?: string;
  data: unknown;
}

/** A session without a client, with raw requests and events. */
export interface RawSession {
  readonly id: string;
  post(json: unknown): Promise<Response>;
  get(lastEventId?: string): Promise<Response>;
  delete(): Promise<Response>;
}

/** Starts a session without a client. */
export async function begin(served: Served, version = '2025-11-25', capabilities = {}): Promise<RawSession> {
  const params = { protocolVersion: version, capabilities, clientInfo: { name: 'raw', version: '1' } };
  const response = await served.send({ json: { jsonrpc: '2.0', id: 0, method: 'initialize', params } });
  const id = response.headers.get('mcp-session-id')!;
  await response.json();
  const session: RawSession = {
    id,
    post: (json) => served.send({ json, session: id, version }),
    get: (lastEventId) =>
      served.send({
        method: 'GET',
        session: id,
        version,
        headers: { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
      }),
    delete: () => served.send({ method: 'DELETE', session: id, version }),
  };
  await session.post({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return session;
}

/** Reads events until there are `count` with data, or the stream ends. */
export async function readEvents(response: Response, count = Infinity): Promise<ServedEvent[]> {
  const events: ServedEvent[] = [];
  const reader = response.body!.getReader();
  const parse = parseEvents();
  while (events.length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    events.push(...parse(value).filter(({ data }) => data !== ''));
  }
  await reader.cancel().catch(() => undefined);
  return events.slice(0, count);
}
