import { InvalidNotificationError, type MCPError } from '../errors';
import { isObject } from '../util/isObject';
import { reasonOf } from '../util/reasonOf';
import { errorCode } from './errorCodes';
import type { JSONRPCRequest, JSONRPCResponse, Notification, RequestId, Result } from './types';

type JsonObject = Record<string, unknown>;

/** Whether a value is a request id. */
export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || typeof value === 'number';
}

function hasParams(message: JsonObject): boolean {
  return message['params'] === undefined || isObject(message['params']);
}

/** Whether a message is a notification: it has a method, no id, and params that are an object or absent. */
export function isNotification(message: unknown): message is Notification & { jsonrpc: '2.0' } {
  return isObject(message) && typeof message['method'] === 'string' && !('id' in message) && hasParams(message);
}

/** Whether a message is the last one of the handshake. */
export function isInitialized(message: unknown): boolean {
  return isNotification(message) && message.method === 'notifications/initialized';
}

/** Whether a message is a request: it has a method, an id, and params that are an object or absent. */
export function isRequest(message: unknown): message is JSONRPCRequest {
  return isObject(message) && typeof message['method'] === 'string' && isRequestId(message['id']) && hasParams(message);
}

/** Whether a message is a response: it has an id and either a result or an error. The other member may be `null`. */
export function isResponse(message: unknown): message is JSONRPCResponse {
  if (!isObject(message) || 'method' in message || !isRequestId(message['id'])) return false;
  return isObject(message['result']) !== isErrorObject(message['error']);
}

/** Whether a result contains a task, in the form of protocol 2025-11-25 or of 2026-07-28. */
export function isTaskResult(result: Result): boolean {
  return isObject(result['task']) || result['resultType'] === 'task';
}

/** The `error` member of a response. */
interface ErrorObject {
  code: number;
  message: string;
  data?: unknown;
}

function isErrorObject(error: unknown): error is ErrorObject {
  return isObject(error) && Number.isInteger(error['code']) && typeof error['message'] === 'string';
}

/**
 * Reads the `error` member of a response, tolerantly. A code in a string is converted. Any other invalid code is
 * replaced with "internal error".
 */
function readError(error: unknown): ErrorObject | undefined {
  if (isErrorObject(error)) return error;
  if (typeof error === 'string') return { code: errorCode.internalError, message: error };
  if (!isObject(error)) return undefined;
  const { code, message } = error;
  return { ...error, code: codeOf(code), message: typeof message === 'string' ? message : 'error without a message' };
}

function codeOf(code: unknown): number {
  const number = typeof code === 'string' && code.trim() !== '' ? Number(code) : code;
  return typeof number === 'number' && Number.isInteger(number) ? number : errorCode.internalError;
}

/** Returns the error of a response without a request id, or `undefined` for any other message. */
export function errorWithoutId(message: unknown): ErrorObject | undefined {
  if (!isObject(message) || 'method' in message || (message['id'] ?? null) !== null) return undefined;
  return readError(message['error']);
}

/**
 * Repairs the envelope of a message. Removes `params: null`, and `id: null` from a notification. Gives the error of a
 * response an integer code and a message. Returns a copy, or `undefined` if there is nothing to repair.
 */
export function repairEnvelope(message: unknown): Record<string, unknown> | undefined {
  if (!isObject(message)) return undefined;
  return 'method' in message ? withoutNulls(message) : withReadableError(message);
}

function withReadableError(message: JsonObject): JsonObject | undefined {
  if (!isRequestId(message['id']) || isErrorObject(message['error'])) return undefined;
  const error = readError(message['error']);
  return error && { ...message, error };
}

function withoutNulls(message: JsonObject): JsonObject | undefined {
  const { id, params, ...rest } = message;
  const isNotification = typeof rest['method'] === 'string' && id === null;
  if (params !== null && !isNotification) return undefined;
  return {
    ...rest,
    ...(!isNotification && 'id' in message && { id }),
    ...(params !== null && 'params' in message && { params }),
  };
}

/** Describes how a message violates JSON-RPC 2.0, although it can be processed. Returns `undefined` if it does not. */
export function nonConformanceOf(message: object): string | undefined {
  if (!('jsonrpc' in message) || message.jsonrpc !== '2.0') return 'missing "jsonrpc": "2.0"';
  for (const key in message) if (!isMember(key)) return `unknown member "${key}"`;
  return undefined;
}

// A `switch` is faster than a Set here: it compares interned strings by reference, while a Set hashes each of them.
function isMember(key: string): boolean {
  switch (key) {
    case 'jsonrpc':
    case 'id':
    case 'method':
    case 'params':
    case 'result':
    case 'error':
      return true;
    default:
      return false;
  }
}

/** Creates the error for a message that cannot be processed, or that violates the protocol. */
export function invalidMessage(reason: string, notification: unknown): InvalidNotificationError {
  const issues = [{ message: reason }];
  return new InvalidNotificationError(`receiving: invalid message (${reason})`, { issues, notification });
}

/** The maximum length of the excerpt in the error for invalid JSON, in characters. */
const maxExcerptLength = 200;

/** Parses a message. If the text is not valid JSON, calls `report` with a typed error and returns `undefined`. */
export function parseMessage(text: string, report: (error: MCPError) => void): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const notification = text.slice(0, maxExcerptLength);
    const { message } = reasonOf(cause);
    const options = { issues: [{ message }], notification, cause };
    report(new InvalidNotificationError(`receiving: invalid JSON (${message})`, options));
    return undefined;
  }
}
