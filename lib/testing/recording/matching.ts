import { metaKeys } from '../../client/modern/meta';
import { isObject } from '../../util/isObject';
import { firstDifference } from './firstDifference';
import type { RecordedMessage } from './format';

/** Methods whose requests match regardless of their params, because the params describe the client. */
const handshakes = new Set<unknown>(['initialize', 'server/discover']);

/**
 * Whether a request equals a recorded request. Ignores ids, `_meta` (including progress tokens) and the description of
 * the client.
 */
export function isSameRequest(recorded: RecordedMessage, request: RecordedMessage): boolean {
  if (recorded['method'] !== request['method']) return false;
  return handshakes.has(request['method']) || canonical(recorded['params']) === canonical(request['params']);
}

/**
 * Returns the path of the first param in which a request differs from a recorded request, for example
 * `params.arguments.text`. Ignores `_meta`. Returns `undefined` if none differs, or if the method or the tool, prompt
 * or resource is another one.
 */
export function differingParam(recorded: RecordedMessage, request: RecordedMessage): string | undefined {
  if (nameOf(recorded) !== nameOf(request)) return undefined;
  return firstDifference(withoutMeta(recorded['params']), withoutMeta(request['params']), 'params');
}

/** Returns the method of a request, and the tool, prompt or resource, for error messages. */
export function nameOf({ method, params }: RecordedMessage): string {
  const name = isObject(params) ? (params['name'] ?? params['uri']) : undefined;
  return typeof name === 'string' ? `${String(method)} ${JSON.stringify(name)}` : String(method);
}

/**
 * Returns a text that is the same for equal params, regardless of the order of their members. Absent and empty params
 * are equal.
 */
function canonical(params: unknown): string {
  return JSON.stringify(withoutMeta(params), (_, value: unknown) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

function withoutMeta(params: unknown): object {
  if (!isObject(params)) return {};
  const { _meta, ...rest } = params;
  return rest;
}

/** Returns the progress token of a request. */
export function progressTokenOf({ params }: RecordedMessage): unknown {
  const meta = isObject(params) ? params['_meta'] : undefined;
  return isObject(meta) ? meta['progressToken'] : undefined;
}

/** Returns the id of the `subscriptions/listen` request that a 2026-07-28 notification belongs to. */
export function subscriptionIdOf({ method, params }: RecordedMessage): unknown {
  const meta = isObject(params) && typeof method === 'string' ? params['_meta'] : undefined;
  return isObject(meta) ? meta[metaKeys.subscriptionId] : undefined;
}

export function isRequest(message: RecordedMessage): boolean {
  return typeof message['method'] === 'string' && isId(message['id']);
}

export function isResponse(message: RecordedMessage): boolean {
  return isId(message['id']) && ('result' in message || 'error' in message);
}

function isId(id: unknown): boolean {
  return typeof id === 'string' || typeof id === 'number';
}
