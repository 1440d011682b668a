import { ConnectionFailedError } from '../../../errors';

/**
 * Returns the error of a refused stream as a retryable one, for a server that has had a stream: during a deploy, any status can
 * come from a proxy in between.
 */
export function toPassing(error: Error): Error {
  if (!(error instanceof ConnectionFailedError) || error.status === undefined) return error;
  const { message, status, retryAfter, cause } = error;
  return new ConnectionFailedError(message, { status, retryAfter, cause, retryable: true });
}
