import { isTypedError } from '../errors';

/**
 * Whether it makes sense to try again after this error. Not after what stays wrong until somebody acts: missing
 * authorization, a bad configuration, a command that does not exist, a 4xx that does not speak of time. Any other error,
 * known or unknown, is worth another attempt.
 *
 * @example
 * call$.pipe(retry({ count: 3, delay: (error) => (isRetryable(error) ? timer(1_000) : throwError(() => error)) }));
 */
export function isRetryable(error: unknown): boolean {
  return !isTypedError(error) || error.retryable;
}
