import { ConnectionFailedError } from '../../../errors';
import { hasStatus } from '../hasStatus';

/**
 * How long the rejection of the first stream of a connection counts as temporary, if the server has offered a stream
 * before, in milliseconds. During a deploy, a proxy between client and server may respond with any status.
 */
export const deployTimeoutMs = 60_000;

/**
 * Converts the error of a rejected stream to a retryable one. Used if the server has offered a stream before: during a
 * deploy, a proxy may respond with any status.
 */
export function toRetryable(error: Error): Error {
  if (!hasStatus(error)) return error;
  const { message, status, retryAfter, cause } = error;
  return new ConnectionFailedError(message, { status, retryAfter, cause, retryable: true });
}

/** The minimum and maximum delay before a stream that was rejected permanently is requested again, in milliseconds. */
const minRejectionDelayMs = 5_000;
const maxRejectionDelayMs = 300_000;

/**
 * Returns the delay before a stream that was rejected permanently is requested again, in milliseconds. The rejection
 * may come from a proxy during a deploy.
 *
 * @param rejections - the number of previous rejections.
 */
export function rejectionDelay(rejections: number): number {
  return Math.min(minRejectionDelayMs * 2 ** rejections, maxRejectionDelayMs);
}
