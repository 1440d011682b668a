import { ServerError } from '../errors';
import { rpcCode } from '../protocol/errorCodes';

/** Whether an error says that the server does not have what was asked for. */
export function isMissing(error: unknown): error is ServerError {
  return error instanceof ServerError && error.code === rpcCode.methodNotFound;
}
