import { InvalidResultError, type Issue, type MCPError } from '../../errors';
import type { Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { issuePath } from '../../util/issuePath';

/** A parsed result. `errors` contains an error for each list item that was dropped. */
export type ReadResult = { errors: MCPError[] } & ({ result: Result } | { failure: MCPError });

type Kind = 'string' | 'object' | 'array';

/** The requirements of the protocol for an object. */
interface Shape {
  /** The required members. */
  members?: Readonly<Record<string, Kind>>;
  /** The required members of objects with a `type`, by the value of `type`. */
  byType?: Readonly<Record<string, Readonly<Record<string, Kind>>>>;
  /** The shapes of the items of members that are arrays. Invalid items are dropped. */
  lists?: Readonly<Record<string, Shape | 'string'>>;
  /** The shapes of members that are objects. */
  objects?: Readonly<Record<string, Shape>>;
}

const empty: Shape = {};
const icon: Shape = { members: { src: 'string' } };
const annotated: Shape = { objects: { annotations: { lists: { audience: 'string' } } }, lists: { icons: icon } };
const content: Shape = {
  ...annotated,
  members: { type: 'string' },
  byType: {
    text: { text: 'string' },
    image: { data: 'string' },
    audio: { data: 'string' },
    resource: { resource: 'object' },
    resource_link: { uri: 'string' },
  },
};

/**
 * The requirements of the protocol for results, by method. Checked without a schema library, which would take a
 * thousand times as long.
 */
const shapes = new Map<string, Shape>(
  Object.entries<Shape>({
    initialize: { members: { protocolVersion: 'string' } },
    ping: empty,
    'tools/list': listOf('tools', { members: { name: 'string', inputSchema: 'object' }, lists: { icons: icon } }),
    'tools/call': listOf('content', content),
    'prompts/list': listOf('prompts', {
      members: { name: 'string' },
      lists: { arguments: { members: { name: 'string' } }, icons: icon },
    }),
    'prompts/get': listOf('messages', { members: { role: 'string', content: 'object' }, objects: { content } }),
    'resources/list': listOf('resources', { ...annotated, members: { uri: 'string', name: 'string' } }),
    'resources/templates/list': listOf('resourceTemplates', {
      ...annotated,
      members: { uriTemplate: 'string', name: 'string' },
    }),
    'resources/read': listOf('contents', { members: { uri: 'string' } }),
    'resources/subscribe': empty,
    'resources/unsubscribe': empty,
    'completion/complete': {
      members: { completion: 'object' },
      objects: { completion: listOf('values', 'string') },
    },
    'logging/setLevel': empty,
  }),
);

function listOf(name: string, item: Shape | 'string'): Shape {
  return { members: { [name]: 'array' }, lists: { [name]: item } };
}

/** Whether the result of a method is always empty. */
export function hasEmptyResult(method: string): boolean {
  return shapes.get(method) === empty;
}

/** Members whose contents the protocol does not define, so that `null` inside them is data. */
const uncheckedMembers = new Set(['_meta', 'inputSchema', 'outputSchema', 'structuredContent', 'experimental']);
/** The depth up to which `null` is treated as absent. The protocol does not define members below this depth. */
const maxDepth = 6;

/**
 * Parses a result, and tolerates common mistakes: removes members that are `null`, and drops invalid items of lists.
 * Returns the results of custom methods unchanged.
 */
export function readResult(method: string, received: Result): ReadResult {
  const shape = shapes.get(method);
  if (!shape) return { errors: [], result: received };
  const kept = dropNulls(received, maxDepth);
  let result: Result = isObject(kept) ? kept : {};
  // The result of a tool may be a task, or may contain only structured content.
  if (method === 'tools/call' && !('content' in result)) result = { content: [], ...result };
  const issue = issueOf(result, shape);
  if (issue) return { errors: [], failure: invalidResult(method, issue, result) };
  const errors: MCPError[] = [];
  const report = (found: Issue, value: unknown): void => void errors.push(invalidResult(method, found, value));
  return { errors, result: withValidLists(result, shape, [], report) };
}

type Report = (issue: Issue, value: unknown) => void;

/**
 * Removes invalid items from lists, and lists that are not arrays. Copies the value only if there is something to
 * remove.
 */
function withValidLists<T extends Record<string, unknown>>(
  value: T,
  { lists, objects }: Shape,
  path: readonly PropertyKey[],
  report: Report,
): T {
  let kept = value;
  for (const name in lists) {
    const items: unknown = value[name];
    const shape = lists[name];
    if (items === undefined || shape === undefined) continue;
    const at = [...path, name];
    const valid = Array.isArray(items) ? validItems(items, shape, at, report) : undefined;
    if (!valid) report({ message: 'expected an array', path: at }, value);
    if (valid !== items) kept = { ...kept, [name]: valid };
  }
  for (const name in objects) {
    const member: unknown = value[name];
    const shape = objects[name];
    if (!isObject(member) || shape === undefined) continue;
    const valid = withValidLists(member, shape, [...path, name], report);
    if (valid !== member) kept = { ...kept, [name]: valid };
  }
  return kept;
}

function validItems(
  items: unknown[],
  shape: Shape | 'string',
  path: readonly PropertyKey[],
  report: Report,
): unknown[] {
  const valid: unknown[] = [];
  items.forEach((item, index) => {
    const issue = itemIssue(item, shape);
    if (issue) {
      report({ ...issue, path: [...path, index, ...(issue.path ?? [])] }, item);
    } else {
      valid.push(isObject(item) && shape !== 'string' ? withValidLists(item, shape, [...path, index], report) : item);
    }
  });
  const isSame = valid.length === items.length && valid.every((item, index) => item === items[index]);
  return isSame ? items : valid;
}

function itemIssue(item: unknown, shape: Shape | 'string'): Issue | undefined {
  if (shape === 'string') return typeof item === 'string' ? undefined : { message: 'expected a string' };
  if (!isObject(item)) return { message: 'expected an object' };
  const issue = issueOf(item, shape);
  if (issue) return issue;
  const { inputSchema } = item;
  const isWrong = isObject(inputSchema) && inputSchema['type'] !== undefined && inputSchema['type'] !== 'object';
  return isWrong ? { message: 'expected "object"', path: ['inputSchema', 'type'] } : undefined;
}

/** Returns the first issue in the required members of a value and of the objects in it. */
function issueOf(value: Record<string, unknown>, { members, byType, objects }: Shape): Issue | undefined {
  const { type } = value;
  const ofType = byType && typeof type === 'string' && Object.hasOwn(byType, type) ? byType[type] : undefined;
  const issue = memberIssue(value, members) ?? memberIssue(value, ofType);
  if (issue) return issue;
  for (const name in objects) {
    const member: unknown = value[name];
    const shape = objects[name];
    const inner = isObject(member) && shape ? issueOf(member, shape) : undefined;
    if (inner) return { ...inner, path: [name, ...(inner.path ?? [])] };
  }
  return undefined;
}

function memberIssue(value: Record<string, unknown>, members: Shape['members']): Issue | undefined {
  for (const key in members) {
    const kind = members[key];
    if (kind === undefined || isOfKind(value[key], kind)) continue;
    return { message: `expected ${kind === 'string' ? 'a' : 'an'} ${kind}`, path: [key] };
  }
  return undefined;
}

function isOfKind(value: unknown, kind: Kind): boolean {
  if (kind === 'array') return Array.isArray(value);
  return kind === 'object' ? isObject(value) : typeof value === 'string';
}

function invalidResult(method: string, issue: Issue, value: unknown): MCPError {
  const name =
    isObject(value) && typeof value['name'] === 'string' ? ` in "${value['name'].slice(0, maxNameLength)}"` : '';
  const message = `${method}: invalid response from server (${issuePath(issue)}: ${issue.message}${name})`;
  return new InvalidResultError(message, { issues: [issue], result: value });
}

/** The maximum length of the name of an item in an error message, in characters. */
const maxNameLength = 100;

/** Removes members that are `null`. Copies only objects that contain such members. */
function dropNulls(value: unknown, depth: number): unknown {
  if (depth === 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => dropNulls(item, depth - 1));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  let kept = value;
  for (const [key, member] of Object.entries(value)) {
    const next = uncheckedMembers.has(key) ? member : dropNulls(member, depth - 1);
    if (next === member && next !== null) continue;
    if (kept === value) kept = { ...value };
    if (next === null) Reflect.deleteProperty(kept, key);
    else kept[key] = next;
  }
  return kept;
}
