import { type SchedulerLike, timer } from 'rxjs';
import { assertOptions, isAtLeast, isBoolean, type Validators } from '../../../util/options';
import { backoffChecks, type BackoffOptions, backoffOptionsOf, backoffPolicy, isRetryable, type RetryConfig } from './backoff';
import { uptimeOf, type RetryPolicy } from './retryWith';

/** The `reconnect` option: options for `backoff()`, a config for RxJS's `retry`, or `false` to never reconnect. */
export type Reconnect = BackoffOptions | RetryConfig | false;

/**
 * Creates the policy for a `reconnect` option.
 *
 * @param immediate - whether the first attempt in a row is made without delay. Ignored for a user-supplied `RetryConfig`.
 */
export function reconnectPolicy(reconnect: Reconnect = {}, scheduler: SchedulerLike, immediate = false): RetryPolicy {
  if (reconnect === false) return giveUp;
  if (!isRetryConfig(reconnect)) return backoffPolicy({ scheduler, ...reconnect }, immediate);
  const options = backoffOptionsOf(reconnect);
  return options ? backoffPolicy({ scheduler, ...options }, immediate) : configPolicy(reconnect, scheduler);
}

function giveUp(error: unknown): never {
  throw error;
}

/** Interprets a config as RxJS's `retry` does, but gives up after errors that are not retryable. */
function configPolicy(
  { count = Infinity, delay = 0, resetOnSuccess = false }: RetryConfig,
  scheduler: SchedulerLike,
): RetryPolicy {
  let attempt = 0;
  return (error) => {
    if (resetOnSuccess && uptimeOf(error) > 0) attempt = 0;
    if (attempt >= count || !isRetryable(error)) throw error;
    attempt++;
    return typeof delay === 'number'
      ? { attempt, delay, notifier$: timer(delay, scheduler) }
      : { attempt, delay: NaN, notifier$: delay(error, attempt) };
  };
}

function isRetryConfig(reconnect: BackoffOptions | RetryConfig): reconnect is RetryConfig {
  return 'delay' in reconnect || 'count' in reconnect || 'resetOnSuccess' in reconnect;
}

/** Validators for both kinds of options, which have no member in common. */
const reconnectChecks: Validators = {
  ...backoffChecks,
  count: isAtLeast(0),
  resetOnSuccess: isBoolean,
  delay: (delay, path) => {
    if (typeof delay !== 'function') isAtLeast(0)(delay, path);
  },
};

/** Validates a `reconnect` option. */
export function assertReconnect(reconnect: unknown, path: string): void {
  if (reconnect !== false) assertOptions(reconnect, reconnectChecks, path);
}
