import { ServerError } from '../errors';

/** The JSON-RPC error codes that the library sends or interprets. */
export const errorCode = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  /** Invalid params, or a result that does not match its schema. */
  invalidParams: -32602,
  internalError: -32603,
  /** The SDK's code for a connection that ended while the request was pending. */
  connectionClosed: -32000,
} as const;

/** The JSON-RPC error codes of protocol 2026-07-28. */
export const modernErrorCode = {
  /** The server does not support the protocol version of the request. */
  unsupportedVersion: -32022,
  /** The request requires a capability that the client has not declared. */
  missingRequiredClientCapability: -32021,
  /** A header does not match the value in the body that it repeats. */
  headerMismatch: -32020,
} as const;

/** Creates the error for a request whose method has no handler. */
export function methodNotFound(method: string): ServerError {
  return new ServerError(`${method}: no handler`, { code: errorCode.methodNotFound });
}

/** Whether the server rejected a request with "method not found". */
export function isMethodNotFound(error: unknown): error is ServerError {
  return error instanceof ServerError && error.code === errorCode.methodNotFound;
}
