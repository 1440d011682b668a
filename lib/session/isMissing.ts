import { ServerError } from '../errors';

/** The JSON-RPC code for a method that a server does not have. */
const methodNotFound = -32601;

/** Whether an error says that the server does not have what was asked for. */
export function isMissing(error: unknown): error is ServerError {
  return error instanceof ServerError && error.code === methodNotFound;
}
