import { InvalidResultError, type Issue, type MCPError } from '../../errors';
import type { Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';

/** A parsed result. `errors` describe the list items that were dropped. */
export type ReadResult = { errors: MCPError[] } & ({ result: Result } | { failure: MCPError });

type Kind = 'string' | 'object' | 'array';
type Shape = Readonly<Record<string, Kind>>;

interface ResultShape {
  /** The required members of the result. */
  members?: Shape;
  /** The name of the result's list, and the required members of each item. Invalid items are dropped. */
  list?: readonly [name: string, item: Shape];
}

const empty: ResultShape = {};

/**
 * The requirements of the protocol for results, by method. Checked by hand, because validation with a schema library takes a
 * thousand times as long.
 */
const shapes = new Map<string, ResultShape>(
  Object.entries<ResultShape>({
    initialize: { members: { protocolVersion: 'string' } },
    ping: empty,
    'tools/list': { list: ['tools', { name: 'string', inputSchema: 'object' }] },
    'tools/call': { members: { content: 'array' } },
    'prompts/list': { list: ['prompts', { name: 'string' }] },
    'prompts/get': { members: { messages: 'array' } },
    'resources/list': { list: ['resources', { uri: 'string', name: 'string' }] },
    'resources/templates/list': { list: ['resourceTemplates', { uriTemplate: 'string', name: 'string' }] },
    'resources/read': { members: { contents: 'array' } },
    'resources/subscribe': empty,
    'resources/unsubscribe': empty,
    'completion/complete': { members: { completion: 'object' } },
    'logging/setLevel': empty,
  }),
);

/** Whether a successful response to a method is always empty. */
export function hasEmptyResult(method: string): boolean {
  return shapes.get(method) === empty;
}

/** Members whose contents belong to the server or the user, so that `null` inside them is data. */
const opaque = new Set(['_meta', 'inputSchema', 'outputSchema', 'structuredContent', 'experimental']);
/** The depth to which `null` is treated as absent. The protocol does not define members that are nested deeper. */
const maxDepth = 6;

/**
 * Parses a result and tolerates common deviations: `null` for an optional member is absent, and invalid items of a list are
 * dropped. Results of methods that the protocol does not define are returned unchanged.
 */
export function readResult(method: string, received: Result): ReadResult {
  const shape = shapes.get(method);
  if (!shape) return { errors: [], result: received };
  const kept = dropNulls(received, maxDepth);
  const result: Result = isObject(kept) ? kept : {};
  // A tool may respond with a task, or with only structured content.
  if (method === 'tools/call' && !('content' in result)) return { errors: [], result: { content: [], ...result } };
  const issue = shape.members && issueOf(result, shape.members);
  if (issue) return { errors: [], failure: invalidResult(method, issue, result) };
  return shape.list ? readList(method, result, shape.list) : { errors: [], result };
}

function readList(method: string, result: Result, [name, itemShape]: NonNullable<ResultShape['list']>): ReadResult {
  const items: unknown = result[name];
  if (!Array.isArray(items)) {
    return { errors: [], failure: invalidResult(method, { message: 'expected an array', path: [name] }, result) };
  }
  const errors: MCPError[] = [];
  const valid = items.filter((item: unknown, index) => {
    const issue = itemIssue(item, itemShape);
    if (issue) errors.push(invalidResult(method, { ...issue, path: [name, index, ...(issue.path ?? [])] }, item));
    return !issue;
  });
  return { errors, result: errors.length > 0 ? { ...result, [name]: valid } : result };
}

function itemIssue(item: unknown, shape: Shape): Issue | undefined {
  if (!isObject(item)) return { message: 'expected an object' };
  const issue = issueOf(item, shape);
  if (issue) return issue;
  const { inputSchema } = item;
  const isWrong = isObject(inputSchema) && inputSchema['type'] !== undefined && inputSchema['type'] !== 'object';
  return isWrong ? { message: 'expected "object"', path: ['inputSchema', 'type'] } : undefined;
}

function issueOf(value: Record<string, unknown>, shape: Shape): Issue | undefined {
  for (const [key, kind] of Object.entries(shape)) {
    if (!isOfKind(value[key], kind))
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
  const path = (issue.path ?? []).map(String).join('.');
  const message = `${method}: invalid response from server (${path}: ${issue.message}${name})`;
  return new InvalidResultError(message, { issues: [issue], result: value });
}

/** The maximum length of an item's name in an error message, in characters. */
const maxNameLength = 100;

/** Returns the value without its `null` members. Copies only objects that have such members. */
function dropNulls(value: unknown, depth: number): unknown {
  if (depth === 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => dropNulls(item, depth - 1));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  let kept = value;
  for (const [key, member] of Object.entries(value)) {
    const next = opaque.has(key) ? member : dropNulls(member, depth - 1);
    if (next === member && next !== null) continue;
    if (kept === value) kept = { ...value };
    if (next === null) Reflect.deleteProperty(kept, key);
    else kept[key] = next;
  }
  return kept;
}
