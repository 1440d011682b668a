import { ConnectionFailedError } from '../../../errors';

/**
 * Converts the error of a rejected stream to a retryable one. Used for servers that have had a stream: during a deploy,
 * a proxy between client and server may respond with any status.
 */
export function toRetryable(error: Error): Error {
  if (!(error instanceof ConnectionFailedError) || error.status === undefined) return error;
  const { message, status, retryAfter, cause } = error;
  return new ConnectionFailedError(message, { status, retryAfter, cause, retryable: true });
}
