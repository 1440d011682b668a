import { InvalidResultError } from '../../errors';
import type { Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { invalidResult } from '../connection/invalidResult';

/** The requirements of the protocol for a value. */
interface Shape {
  /** A description of the accepted values, for error messages. */
  expected: string;
  accepts(value: unknown): boolean;
  /** Returns the shapes of the members of an object. */
  membersOf?(value: Record<string, unknown>): Members;
  /** The shape of the items of an array. Invalid items are dropped. */
  item?: Shape;
  /** Whether a member may be absent. If it is invalid, it is dropped. */
  isOptional?: boolean;
}

type Members = Readonly<Record<string, Shape>>;
type Path = readonly PropertyKey[];

const text: Shape = { expected: 'a string', accepts: (value) => typeof value === 'string' };
const anyObject: Shape = { expected: 'an object', accepts: isObject };
const object = (members: Members): Shape => ({ ...anyObject, membersOf: () => members });
const list = (item: Shape): Shape => ({ expected: 'an array', accepts: Array.isArray, item });
const optional = (shape: Shape): Shape => ({ ...shape, isOptional: true });

const icons = optional(list(object({ src: text })));
const annotations = optional(object({ audience: optional(list(text)) }));
const inputSchema = object({
  type: { expected: '"object"', accepts: (type) => type === undefined || type === 'object' },
});
/** The required members of content, by the value of `type`. */
const contentMembers = new Map<unknown, Members>([
  ['text', { text }],
  ['image', { data: text }],
  ['audio', { data: text }],
  ['resource', { resource: anyObject }],
  ['resource_link', { uri: text }],
]);
const content: Shape = {
  ...anyObject,
  membersOf: ({ type }) => ({ type: text, ...contentMembers.get(type), icons, annotations }),
};

const empty: Members = {};
const toolResult: Members = { content: list(content) };

/**
 * The requirements of the protocol for results, by method. Checked without a schema library, which would take a
 * thousand times as long.
 */
const shapes = new Map(
  Object.entries<Members>({
    initialize: { protocolVersion: text },
    ping: empty,
    'tools/list': { tools: list(object({ name: text, inputSchema, icons })) },
    'tools/call': toolResult,
    'tasks/result': toolResult,
    'prompts/list': {
      prompts: list(object({ name: text, arguments: optional(list(object({ name: text }))), icons })),
    },
    'prompts/get': { messages: list(object({ role: text, content })) },
    'resources/list': { resources: list(object({ uri: text, name: text, icons, annotations })) },
    'resources/templates/list': {
      resourceTemplates: list(object({ uriTemplate: text, name: text, icons, annotations })),
    },
    'resources/read': { contents: list(object({ uri: text })) },
    'resources/subscribe': empty,
    'resources/unsubscribe': empty,
    'completion/complete': { completion: object({ values: list(text) }) },
    'logging/setLevel': empty,
  }),
);

/** Whether the result of a method is always empty. */
export function hasEmptyResult(method: string): boolean {
  return shapes.get(method) === empty;
}

/** The depth up to which `null` is treated as absent. The protocol does not define members below this depth. */
const maxDepth = 6;

/**
 * Parses a result, and tolerates common mistakes: removes members that are `null`, and drops invalid items of lists.
 * Returns the results of custom methods unchanged. If the result cannot be used, returns an error.
 *
 * @param report - called with an error for each part that was dropped.
 */
export function readResult(
  method: string,
  received: Result,
  report: (error: InvalidResultError) => void,
): Result | InvalidResultError {
  const members = shapes.get(method);
  if (!members) return received;
  const known = dropNulls(received, maxDepth);
  // The result of a tool may be a task, or may contain only structured content.
  const result = members === toolResult && !('content' in known) ? { content: [], ...known } : known;
  try {
    return readMembers(result, members, [], result);
  } catch (error) {
    if (!(error instanceof InvalidResultError)) throw error;
    return error;
  }

  /** @param item - the innermost list item that contains the value. Default: the value. */
  function read(value: unknown, shape: Shape, path: Path, item = value): unknown {
    if (!shape.accepts(value)) throw invalidResult(method, { message: `expected ${shape.expected}`, path }, item);
    if (shape.item && Array.isArray(value)) return readItems(value, shape.item, path);
    return shape.membersOf && isObject(value) ? readMembers(value, shape.membersOf(value), path, item) : value;
  }

  function readItems(items: unknown[], shape: Shape, path: Path): unknown[] {
    const valid = items.map((item, index) => validOrAbsent(item, shape, [...path, index]));
    return valid.every((item, index) => item === items[index]) ? items : valid.filter((item) => item !== undefined);
  }

  function readMembers(value: Result, shapes: Members, path: Path, item: unknown): Result {
    let kept = value;
    for (const name in shapes) {
      const shape = shapes[name];
      const member = value[name];
      if (!shape || (member === undefined && shape.isOptional)) continue;
      const valid = (shape.isOptional ? validOrAbsent : read)(member, shape, [...path, name], item);
      if (valid !== member) kept = { ...kept, [name]: valid };
    }
    return kept;
  }

  function validOrAbsent(value: unknown, shape: Shape, path: Path, item = value): unknown {
    try {
      return read(value, shape, path, item);
    } catch (error) {
      if (!(error instanceof InvalidResultError)) throw error;
      report(error);
      return undefined;
    }
  }
}

/** Members whose contents the protocol does not define, so that `null` inside them is data. */
const uncheckedMembers = new Set(['_meta', 'inputSchema', 'outputSchema', 'structuredContent', 'experimental']);

/** Removes members that are `null`. Copies only objects that contain such members. */
function dropNulls(value: Result, depth: number): Result;
function dropNulls(value: unknown, depth: number): unknown;
function dropNulls(value: unknown, depth: number): unknown {
  if (depth === 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => dropNulls(item, depth - 1));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  let kept = value;
  for (const key in value) {
    const member = value[key];
    const next = uncheckedMembers.has(key) ? member : dropNulls(member, depth - 1);
    if (next === member && next !== null) continue;
    if (kept === value) kept = { ...value };
    if (next === null) Reflect.deleteProperty(kept, key);
    else kept[key] = next;
  }
  return kept;
}
