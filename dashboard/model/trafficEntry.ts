import { cut, membersOf } from './text';
import { type EntryKind, type FeedEntry, maxLength, withTokenLast } from './feedEntry';

/** A message on the wire or a change of a connection, live or recorded. */
export type TrafficEvent = { readonly at: number; readonly connection: number } & (
  | { readonly dir: 'in' | 'out'; readonly message: object }
  | { readonly event: string; readonly error?: { readonly name: string; readonly message: string } }
);

/** The maximum length of a message that is shown in full, in characters. */
const maxMessageLength = 4_000;

/** The maximum number of requests whose method is kept for their response. */
const maxPending = 1_000;

/** Creates the feed entries of one server's traffic. A response is named after its request. */
export function trafficEntries(server: string): (id: number, event: TrafficEvent) => FeedEntry {
  const pending = new Map<string, string>();

  function nameOf(direction: 'in' | 'out', connection: number, { method, id, error }: Message): string {
    const requester = method === undefined ? other[direction] : direction;
    const key = JSON.stringify([connection, requester, id]);
    if (method !== undefined) {
      if (id !== undefined) pending.set(key, method);
      const [oldest] = pending.keys();
      if (pending.size > maxPending && oldest !== undefined) pending.delete(oldest);
      return method;
    }
    const request = pending.get(key);
    pending.delete(key);
    return `${request === undefined ? '' : `${request} `}${error === undefined ? 'result' : 'error'}`;
  }

  return (id, event) => {
    const { at, connection } = event;
    const entry = (kind: EntryKind, method: string, params: string, detail: string): FeedEntry => ({
      id,
      at,
      server,
      kind,
      method: cut(method, maxLength.method),
      params: cut(params, maxLength.params),
      detail: cut(`connection ${connection}\n${detail}`, maxMessageLength),
    });
    if ('event' in event) {
      const reason = event.error ? `${event.error.name}: ${event.error.message}` : '';
      return entry('connection', `connection ${event.event}`, reason, reason);
    }
    const { dir, message } = event;
    const parts: Message = message;
    const name = nameOf(dir, connection, parts);
    const content = parts.params ?? parts.result ?? parts.error;
    return entry(
      dir === 'in' ? 'received' : 'sent',
      `${dir === 'in' ? '←' : '→'} ${name}`,
      isObject(content) ? membersOf(withTokenLast(content)) : '',
      JSON.stringify(message, undefined, 2),
    );
  };
}

const other = { in: 'out', out: 'in' } as const;

/** A JSON-RPC message, in which any member may be missing. */
interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
