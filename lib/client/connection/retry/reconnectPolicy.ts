import { type SchedulerLike, timer } from 'rxjs';
import { ConnectionFailedError, ServerError, UnauthorizedError } from '../../../errors';
import { assertOptions, isAtLeast, isBoolean, type Validators } from '../../../util/options';
import {
  backoffChecks,
  type BackoffOptions,
  backoffOptionsOf,
  backoffPolicy,
  isRetryable,
  type RetryConfig,
} from './backoff';
import { uptimeOf, type RetryPolicy } from './retryWith';

/**
 * The type of the `reconnect` option: options for {@link backoff}, a config for RxJS's `retry`, or `false` to never
 * reconnect.
 */
export type Reconnect = BackoffOptions | RetryConfig | false;

/**
 * Creates the policy for a `reconnect` option.
 *
 * @param immediate - whether the first of consecutive attempts is made without a delay. Ignored for a user-supplied
 *   `RetryConfig`.
 * @param canRetry - returns whether to retry after an error, if the option does not contain `isRetryable`.
 */
export function reconnectPolicy(
  reconnect: Reconnect = {},
  scheduler: SchedulerLike,
  immediate = false,
  canRetry = isRetryable,
): RetryPolicy {
  const options = optionsOf(reconnect);
  if (options) return backoffPolicy({ scheduler, ...options, isRetryable: options.isRetryable ?? canRetry }, immediate);
  return configPolicy(isRetryConfig(reconnect) ? reconnect : { count: 0 }, scheduler, canRetry);
}

/**
 * Creates the policy of a session. Once the session has been connected, an HTTP status closes it only if every attempt
 * has been rejected for `rejectionTimeout`. Until then it may be temporary: proxies, and servers that are starting,
 * respond with any status. Other errors that are not retryable close the session immediately.
 *
 * @param maxRejectionTimeoutMs - the maximum of `rejectionTimeout`. Default: no maximum.
 */
export function sessionPolicy(
  reconnect: Reconnect = {},
  scheduler: SchedulerLike,
  hasConnected: () => boolean,
  maxRejectionTimeoutMs = Infinity,
): RetryPolicy {
  const timeout = optionsOf(reconnect)?.rejectionTimeout ?? defaultRejectionTimeoutMs;
  const rejectionTimeout = Math.min(timeout, maxRejectionTimeoutMs);
  let rejectedSince: number | undefined;

  function canRetry(error: unknown): boolean {
    if (isRetryable(error)) return true;
    return hasConnected() && rejectedSince !== undefined && scheduler.now() - rejectedSince < rejectionTimeout;
  }

  const policy = reconnectPolicy(reconnect, scheduler, false, canRetry);
  return (error) => {
    rejectedSince = isRejection(error) ? (rejectedSince ?? scheduler.now()) : undefined;
    return policy(error);
  };
}

/** The default of `rejectionTimeout`. */
const defaultRejectionTimeoutMs = 600_000;

/** Whether a server has rejected an attempt, with a status or an error that is not retryable. */
function isRejection(error: unknown): boolean {
  if (error instanceof UnauthorizedError) return error.status !== undefined;
  if (!(error instanceof ConnectionFailedError) || error.retryable) return false;
  return error.status !== undefined || error.cause instanceof ServerError;
}

/** Interprets a config like RxJS's `retry`, but gives up if an error is not retryable. */
function configPolicy(
  { count = Infinity, delay = 0, resetOnSuccess = false }: RetryConfig,
  scheduler: SchedulerLike,
  canRetry: (error: unknown) => boolean,
): RetryPolicy {
  let attempt = 0;
  return (error) => {
    if (resetOnSuccess && uptimeOf(error) > 0) attempt = 0;
    if (attempt >= count || !canRetry(error)) throw error;
    attempt++;
    return typeof delay === 'number'
      ? { attempt, delay, notifier$: timer(delay, scheduler) }
      : { attempt, delay: NaN, notifier$: delay(error, attempt) };
  };
}

/** Returns the options of {@link backoff}. Returns `undefined` for `false` and for a user-supplied `RetryConfig`. */
function optionsOf(reconnect: Reconnect): BackoffOptions | undefined {
  if (isRetryConfig(reconnect)) return backoffOptionsOf(reconnect);
  return reconnect === false ? undefined : reconnect;
}

function isRetryConfig(reconnect: Reconnect): reconnect is RetryConfig {
  return reconnect && ['delay', 'count', 'resetOnSuccess'].some((name) => name in reconnect);
}

/** Validators for both kinds of options. The kinds have no members in common. */
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
