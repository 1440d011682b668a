import { InvalidNotificationError, type MCPError } from '../errors';
import { isObject } from '../util/isObject';
import { reasonOf } from '../util/reasonOf';
import type { JSONRPCRequest, JSONRPCResponse, Notification, RequestId } from './types';

type JsonObject = Record<string, unknown>;

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || typeof value === 'number';
}

function hasParams(message: JsonObject): boolean {
  return message['params'] === undefined || isObject(message['params']);
}

/** Whether it is a notification: it has a method, no id, and params that are an object or absent. */
export function isNotification(message: unknown): message is Notification & { jsonrpc: '2.0' } {
  return isObject(message) && typeof message['method'] === 'string' && !('id' in message) && hasParams(message);
}

/** Whether it is a request: it has a method and an id. */
export function isRequest(message: unknown): message is JSONRPCRequest {
  return isObject(message) && typeof message['method'] === 'string' && isRequestId(message['id']) && hasParams(message);
}

/** Whether it is the answer to a request: either a result or an error, while the other may be there as `null`. */
export function isResponse(message: unknown): message is JSONRPCResponse {
  if (!isObject(message) || 'method' in message || !isRequestId(message['id'])) return false;
  return isObject(message['result']) !== isErrorObject(message['error']);
}

function isErrorObject(error: unknown): boolean {
  return isObject(error) && Number.isInteger(error['code']) && typeof error['message'] === 'string';
}

const members = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);

/** What is odd about a message that can be understood all the same, in words. */
export function nonConformanceOf(message: object): string | undefined {
  if (!('jsonrpc' in message) || message.jsonrpc !== '2.0') return 'a message that is not marked as JSON-RPC 2.0';
  for (const key in message) if (!members.has(key)) return `a message with a member of its own, "${key}"`;
  return undefined;
}

/** How much of what can not be read is shown in its error, in characters. */
const excerpt = 200;

/** Parses the text of a message. What is no JSON is passed to `report` as a typed error, and `undefined` is returned. */
export function parseMessage(text: string, report: (error: MCPError) => void): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const notification = text.slice(0, excerpt);
    const issues = [{ message: reasonOf(cause).message }];
    report(new InvalidNotificationError('the server sent what is no JSON', { issues, notification, cause }));
    return undefined;
  }
}
