import { ServerError } from '../errors';

/** The codes of JSON-RPC errors that have a meaning here. */
export const errorCode = {
  /** There is no such method. */
  methodNotFound: -32601,
  /** Params, or what a result holds, do not fit. */
  invalidParams: -32602,
  /** What should not have happened on the other side. */
  internalError: -32603,
  /** The connection ended under a request. */
  connectionClosed: -32000,
  /** A version of the protocol that is not spoken there. */
  unsupportedVersion: -32022,
} as const;

/** What a request is answered with that nobody handles: JSON-RPC's "method not found". */
export function methodNotFound(method: string): ServerError {
  return new ServerError(`no handler for ${method}`, { code: errorCode.methodNotFound });
}
