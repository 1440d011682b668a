import fc from 'fast-check';

/** A text that a server sends where a message belongs, and its effect on a client. */
export interface Sent {
  readonly text: string;
  /** Whether the client delivers it as the notification `custom/tick`. */
  readonly tick?: number;
  /** The id of a request that the client answers. */
  readonly requestId?: string;
}

let count = 0;

/** A valid notification, with text that takes several bytes per character. */
const tick = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text): Sent => {
  const n = ++count;
  return { text: JSON.stringify({ jsonrpc: '2.0', method: 'custom/tick', params: { n, text } }), tick: n };
});

/** A valid request. */
const ping = fc.constantFrom('ping', 'custom/unknown', 'roots/list').map((method): Sent => {
  const id = `ask-${String(++count)}`;
  return { text: JSON.stringify({ jsonrpc: '2.0', id, method }), requestId: id };
});

const member = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '2.0', 'ping', 'notifications/progress', 0, -1, 1.5, 1e300, [], {}),
);

const error = fc.oneof(member, fc.record({ code: member, message: member, data: member }));

/**
 * An object with the members of a message, of any type. It is neither a valid notification nor a request, nor a response to a request
 * of the client: an error without an id would be one.
 */
const envelope = fc
  .oneof(
    fc.record(
      { jsonrpc: member, id: fc.constantFrom('unknown', '', {}, [], true), result: member, error, params: member },
      { requiredKeys: ['id'] },
    ),
    fc.record(
      { jsonrpc: member, result: member, params: member, method: fc.constantFrom(null, 7, {}) },
      { requiredKeys: [] },
    ),
  )
  .map((message): Sent => ({ text: JSON.stringify(message) }));

/** A notification of the protocol with params of any type. */
const notification = fc
  .record({
    method: fc.constantFrom(
      'notifications/progress',
      'notifications/message',
      'notifications/cancelled',
      'notifications/resources/updated',
      'notifications/tools/list_changed',
      'notifications/tasks/status',
    ),
    params: member,
  })
  .map(({ method, params }): Sent => ({ text: JSON.stringify({ jsonrpc: '2.0', method, params }) }));

/** Any text in one line: JSON that is no object, and text that is no JSON. */
const garbage = fc
  .oneof(
    fc.json({ maxDepth: 3 }).filter((text) => !text.startsWith('{') && !text.includes('jsonrpc')),
    fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !/[{[]/.test(text)),
    fc.integer({ min: 1, max: 2_000 }).map((depth) => '['.repeat(depth)),
    fc.integer({ min: 1, max: 2_000 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`),
    fc.constantFrom(
      '{',
      '{"jsonrpc":"2.0","method":"custom/tick"',
      '\u{FEFF}',
      'null',
      '{"__proto__":{"id":0}}',
      '"',
      '\\',
    ),
  )
  .map((text): Sent => ({ text: text.replace(/[\r\n]/g, ' ') }));

/** Anything that a server may send as one message. */
export const anyMessage = fc.oneof(
  { weight: 3, arbitrary: tick },
  { weight: 1, arbitrary: ping },
  { weight: 2, arbitrary: envelope },
  { weight: 2, arbitrary: notification },
  { weight: 3, arbitrary: garbage },
);

/** Cuts bytes at the given places, which are fractions of the length. */
export function cut(text: string, places: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const ends = [...places.map((place) => Math.floor(place * bytes.length)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end)).filter(({ length }) => length > 0);
}

/** Places at which to cut. */
export const anyCuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

/** Whether a list contains all of the ids. */
export function includesAll(list: unknown, ids: readonly string[]): boolean {
  return Array.isArray(list) && ids.every((id) => list.includes(id));
}
