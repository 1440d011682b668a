import { type RetryConfig, type SchedulerLike, timer } from 'rxjs';
import { assertOptions, isAtLeast, isBoolean, type Validators } from '../../../util/options';
import { backoffChecks, type BackoffOptions, backoffOptionsOf, backoffPolicy, isRetryable } from './backoff';
import { uptimeOf, type RetryPolicy } from './retryWith';

/** The `reconnect` option: how a lost stream or connection is opened again. `false`: not at all. */
export type Reconnect = BackoffOptions | RetryConfig | false;

/**
 * The decisions of one retry, by a `reconnect` option.
 *
 * @param immediate - whether the first attempt in a row is made at once; a config of the user's own is taken at its word.
 */
export function reconnectPolicy(reconnect: Reconnect = {}, scheduler: SchedulerLike, immediate = false): RetryPolicy {
  if (reconnect === false) return refuse;
  if (!isRetryConfig(reconnect)) return backoffPolicy({ scheduler, ...reconnect }, immediate);
  const options = backoffOptionsOf(reconnect);
  return options ? backoffPolicy({ scheduler, ...options }, immediate) : configPolicy(reconnect, scheduler);
}

function refuse(error: unknown): never {
  throw error;
}

/** As RxJS's own `retry` reads its config, but for errors that no attempt can mend. */
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

/** Options for `backoff`, or a config for RxJS's `retry`: no member of one is a member of the other. */
const members: Validators = {
  ...backoffChecks,
  count: isAtLeast(0),
  resetOnSuccess: isBoolean,
  delay: (delay, path) => {
    if (typeof delay !== 'function') isAtLeast(0)(delay, path);
  },
};

/** @throws `ConfigError` when it is no `reconnect` option. */
export function assertReconnect(reconnect: unknown, path: string): void {
  if (reconnect !== false) assertOptions(reconnect, members, path);
}
