import { InvalidResultError, type Issue, type MCPError } from '../../errors';
import type { Result } from '../../protocol/types';
import { isObject } from '../../util/isObject';

/** A result as this library reads it. `errors` name the items of a list that were left out. */
export type ReadResult = { errors: MCPError[] } & ({ result: Result } | { failure: MCPError });

type Kind = 'string' | 'object' | 'array';
type Shape = Readonly<Record<string, Kind>>;

interface ResultShape {
  /** The members that are required of the result. */
  members?: Shape;
  /** The list in it, and what is required of each item. Items that do not fit are left out. */
  list?: readonly [name: string, item: Shape];
}

const empty: ResultShape = {};

/** What the protocol requires of results, by method; by hand, since a schema library costs a thousand times this. */
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

/** Whether the answer to a method is that it came. */
export function hasEmptyResult(method: string): boolean {
  return shapes.get(method) === empty;
}

/** Members whose inside belongs to the server or the user: a `null` there has a meaning of its own. */
const opaque = new Set(['_meta', 'inputSchema', 'outputSchema', 'structuredContent', 'experimental']);
/** The depth to which `null` is read as absent: what the protocol defines is not nested deeper. */
const maxDepth = 6;

/**
 * Reads a result as tolerantly as it can be understood: `null` for an optional member is absent, and a list keeps its valid
 * items. Results of methods that the protocol does not define are passed on untouched.
 */
export function readResult(method: string, received: Result): ReadResult {
  const shape = shapes.get(method);
  if (!shape) return { errors: [], result: received };
  const kept = dropNulls(received, maxDepth);
  const result: Result = isObject(kept) ? kept : {};
  // A tool may answer with a task, or with structured content alone.
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

/** How much of an item's name is put into an error, in characters. */
const maxNameLength = 100;

/** The same value without its `null` members; copied only where there are some. */
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
