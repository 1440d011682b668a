import { type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import { MCPError, ServerError, SessionClosedError } from '../../errors';
import { backoffPolicy } from '../connection/retry/backoff';
import { retryWith } from '../connection/retry/retryWith';

/**
 * The maximum number of retries after permanent statuses, such as 404. A proxy may respond with these during a deploy.
 */
const maxRefusals = 8;

/**
 * Retries a request that restores the session's state on a new connection, with backoff. Errors if the server responds
 * with a JSON-RPC error, or if permanent statuses exceed {@link maxRefusals}.
 *
 * @param onFailure - called with each error that leads to a retry, and the number of the retry, from 1.
 */
export function retryRestoring<T>(
  scheduler: SchedulerLike,
  onFailure: (error: unknown, attempt: number) => void,
): MonoTypeOperatorFunction<T> {
  let refusals = 0;
  const isRetryable = (error: unknown): boolean => {
    if (error instanceof ServerError || error instanceof SessionClosedError) return false;
    return !(error instanceof MCPError) || error.retryable || ++refusals <= maxRefusals;
  };
  return retryWith(
    () => backoffPolicy({ isRetryable, scheduler }),
    ({ attempt }, error) => {
      onFailure(error, attempt);
    },
  );
}
