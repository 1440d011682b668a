import type { JSONRPCRequest, JSONRPCResponse, Notification, RequestId } from '../protocol';

type JsonObject = Record<string, unknown>;

/** Whether a value is an object with keys, as JSON has them. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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

/** Whether it is the answer to a request, result or error. */
export function isResponse(message: unknown): message is JSONRPCResponse {
  return (
    isObject(message) && isRequestId(message['id']) && (isObject(message['result']) || isErrorObject(message['error']))
  );
}

function isErrorObject(error: unknown): boolean {
  return isObject(error) && typeof error['code'] === 'number' && typeof error['message'] === 'string';
}
