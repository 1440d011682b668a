import { isObject } from '../../util/isObject';

/** A request on its way to the server. */
export interface Incoming {
  verb: string;
  session: string | null;
  /** The JSON-RPC messages in the body. */
  messages: readonly Record<string, unknown>[];
  /** The method of the first message. */
  method: string | undefined;
  /** The id of the first message. */
  id: unknown;
  /** Whether the response is the stream for notifications outside of calls. */
  isStream: boolean;
  /** The label of the request in lists of open requests. */
  label: string;
}

/** Parses the parts of a request. */
export function readIncoming(verb: string, headers: Headers, body: string | undefined): Incoming {
  const messages = messagesIn(body);
  const [first = {}] = messages;
  const method = typeof first['method'] === 'string' ? first['method'] : undefined;
  const params = isObject(first['params']) ? first['params'] : {};
  const name = params['name'] ?? params['uri'];
  return {
    verb,
    session: headers.get('mcp-session-id'),
    messages,
    method,
    id: first['id'],
    isStream: verb === 'GET' || method === 'subscriptions/listen',
    label: [method ?? verb, ...(typeof name === 'string' ? [name] : [])].join(' '),
  };
}

function messagesIn(body: string | undefined): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(body ?? 'null');
    return (Array.isArray(value) ? value : [value]).filter(isObject);
  } catch {
    return [];
  }
}

/** Returns the URIs that a `subscriptions/listen` request of 2026-07-28 subscribes to. */
export function listenedUris({ method, messages }: Incoming): string[] {
  if (method !== 'subscriptions/listen') return [];
  const text = JSON.stringify(messages[0]?.['params'] ?? {});
  const found = /"resourceSubscriptions":(\[[^\]]*\])/.exec(text)?.[1];
  const uris: unknown = found === undefined ? [] : JSON.parse(found);
  return Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : [];
}
