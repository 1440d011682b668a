import { firstValueFrom } from 'rxjs';
import { modernErrorCode } from '../protocol/errorCodes';
import type { JSONRPCRequest } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { Caller } from './caller';
import { refuse, toResponse } from './httpReply';
import type { List } from './list';
import type { ToolDefinition } from './tool';

/** A tool argument that clients repeat in a header, so that proxies can use it for routing. */
interface MirroredParam {
  readonly path: readonly string[];
  readonly header: string;
  readonly isNumber: boolean;
}

const known = new WeakMap<object, readonly MirroredParam[]>();

/**
 * Compares the arguments of a 2026-07-28 tool call with the headers that repeat them. Returns an error response if they
 * differ.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export async function refuseParamHeaders(
  tools: List<ToolDefinition> | undefined,
  caller: Caller,
  { headers }: Request,
  { id, params = {} }: JSONRPCRequest,
): Promise<Response | undefined> {
  if (!tools) return undefined;
  const { name, arguments: args } = params;
  const found = (await firstValueFrom(tools.current$(caller))).find(({ listing }) => listing.name === name);
  for (const param of found ? mirroredParams(found.listing.inputSchema) : []) {
    const value = param.path.reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), args);
    const given = headers.get(param.header);
    if (!isPrimitive(value) || isEqual(given, value, param)) continue;
    const problem = given === null ? 'is missing' : 'differs from the body';
    const refused = refuse(400, `${param.header}: the header ${problem}`, { code: modernErrorCode.headerMismatch, id });
    return toResponse(refused);
  }
  return undefined;
}

function mirroredParams(schema: object): readonly MirroredParam[] {
  const params = known.get(schema) ?? scan(schema, []);
  known.set(schema, params);
  return params;
}

/** Finds the parameters with `x-mcp-header` in a schema, including nested `properties`. */
function scan(schema: unknown, path: readonly string[]): MirroredParam[] {
  if (!isObject(schema)) return [];
  const { type, properties, 'x-mcp-header': header } = schema;
  const own = { path, header: `Mcp-Param-${String(header)}`, isNumber: type === 'integer' || type === 'number' };
  const inner = Object.entries(isObject(properties) ? properties : {});
  return [
    ...(typeof header === 'string' && token.test(header) ? [own] : []),
    ...inner.flatMap(([key, property]) => scan(property, [...path, key])),
  ];
}

/** Matches valid header names. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function isPrimitive(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
}

function isEqual(given: string | null, value: string | number | boolean, { isNumber }: MirroredParam): boolean {
  const text = given === null ? undefined : decode(given);
  if (text === undefined) return false;
  return text === String(value) || (isNumber && decimal.test(text) && Number(text) === value);
}

const decimal = /^-?\d+(\.\d+)?$/;
const encoded = /^=\?base64\?((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)\?=$/;

/** Decodes the value of a header. Returns `undefined` if it is invalid Base64. */
function decode(value: string): string | undefined {
  if (!value.startsWith('=?base64?') || !value.endsWith('?=')) return value;
  const [, base64] = encoded.exec(value) ?? [];
  if (base64 === undefined) return undefined;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
