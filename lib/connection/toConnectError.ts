import { ConnectionFailedError, ConnectionLostError, ServerError } from '../errors';
import { errorCode } from '../protocol/errorCodes';

const step = 'initialize: ';

/**
 * The error of an attempt that failed, by what went wrong in it. A server that answers initialize with an error may mend,
 * unless it is the version that it can not agree on.
 */
export function toConnectError(error: Error): Error {
  if (!(error instanceof ServerError || error instanceof ConnectionLostError)) return error;
  const retryable = !(error instanceof ServerError && error.code === errorCode.invalidParams);
  const message = error.message.startsWith(step) ? error.message : step + error.message;
  return new ConnectionFailedError(message, { cause: error, retryable });
}
