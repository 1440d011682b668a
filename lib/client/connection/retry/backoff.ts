import { type retry, type SchedulerLike, timer } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, MCPError, SessionExpiredError } from '../../../errors';
import { maxTimerDelay } from '../../../util/maxDelay';
import { assertOptions, isAtLeast, isFunction, type Validator, hasMethods, isOneOf } from '../../../util/options';
import { uptimeOf, type RetryPolicy } from './retryWith';

/** Options for {@link backoff}. All times are in milliseconds. */
export interface BackoffOptions {
  /** The upper limit of the first delay. Default 500. */
  initialDelay?: number | undefined;
  /** The upper limit of all delays. Default 30,000. */
  maxDelay?: number | undefined;
  /** The factor by which the upper limit grows with every attempt. Default 2. */
  factor?: number | undefined;
  /**
   * `'full'` (default) draws each delay between zero and its upper limit, so that the clients of a restarted server do not all
   * reconnect at the same time. `'none'` always waits for the upper limit.
   */
  jitter?: 'full' | 'none' | undefined;
  /** The maximum number of attempts in a row. Default: `Infinity`. */
  maxRetries?: number | undefined;
  /**
   * How long a connection must be open before delays restart. Default 5,000. After a shorter connection delays keep growing, so
   * that a server that accepts connections and drops them immediately is not flooded.
   */
  stableAfter?: number | undefined;
  /** Whether to retry after an error. Default: {@link isRetryable}. */
  isRetryable?: ((error: unknown) => boolean) | undefined;
  /**
   * How long a session that has been connected keeps retrying while every attempt is rejected with a permanent status, such as 401
   * or 404. Proxies respond with such statuses during a deploy. After this time, the next rejection closes the session. Default
   * 600,000. Read by sessions only.
   */
  refusalTimeout?: number | undefined;
  /** The scheduler of the delays. Default: `asyncScheduler`. */
  scheduler?: SchedulerLike | undefined;
}

/** The config of RxJS's `retry`. Derived from `retry`, because RxJS exports the type only since 7.5. */
export type RetryConfig = Exclude<Parameters<typeof retry>[0], number | undefined>;

/** Limits a delay that the server requests (`Retry-After`, `retry`) to this multiple of `maxDelay`. */
const maxRetryAfterFactor = 10;

/** The options of each config created by `backoff`. A session reads them to report delays in `status$`. */
const optionsOf = new WeakMap<RetryConfig, BackoffOptions>();

/** Returns the options of a config created by {@link backoff}. */
export function backoffOptionsOf(config: RetryConfig): BackoffOptions | undefined {
  return optionsOf.get(config);
}

/**
 * Exponential backoff with jitter, as a config for RxJS's `retry`:
 *
 * ```ts
 * connector.connect().pipe(retry(backoff({ maxDelay: 10_000 })))
 * ```
 *
 * ```text
 * connect()      --#  -#    -#    ----c----------#  -c---   without jitter; c is open for longer than stableAfter
 * delay in ms      500  1,000 2,000              500
 * ```
 *
 * Errors that are not retryable are rethrown immediately (see {@link isRetryable}). Delays restart after a connection was open
 * for `stableAfter`, not after every successful connect. A longer delay that the server requests (`Retry-After`, or the `retry`
 * field of an event stream) is respected, up to ten times `maxDelay`.
 *
 * @throws `ConfigError` if an option is invalid.
 */
export function backoff(options: BackoffOptions = {}): RetryConfig {
  assertOptions(options, backoffChecks);
  const config: RetryConfig = {
    // `retry(config)` reads this once, so that each retry has its own policy even if several share a config.
    get delay() {
      const policy = backoffPolicy(options);
      return (error: unknown) => policy(error).notifier$;
    },
  };
  optionsOf.set(config, options);
  return config;
}

/**
 * Creates an exponential backoff policy.
 *
 * @param immediate - whether the first attempt in a row is made without delay.
 */
export function backoffPolicy(options: BackoffOptions, immediate = false): RetryPolicy {
  const { initialDelay = 500, maxDelay = 30_000, factor = 2, jitter = 'full', maxRetries = Infinity } = options;
  const { stableAfter = 5_000, isRetryable: canRetry = isRetryable, scheduler } = options;
  const first = immediate ? 0 : 1;
  let attempts = 0;
  return (error) => {
    const uptime = uptimeOf(error);
    // A connection that never opened was not stable, even with `stableAfter: 0`.
    if (uptime > 0 && uptime >= stableAfter) attempts = 0;
    if (attempts >= maxRetries || !canRetry(error)) throw error;
    const attempt = first + attempts++;
    const ceiling = Math.min(maxDelay, initialDelay && initialDelay * factor ** (attempt - 1), maxTimerDelay);
    const ownDelay = jitter === 'full' ? Math.random() * ceiling : ceiling;
    // A server that reports an expired session is reachable, so the first attempt after that report has no delay.
    const isImmediate = attempt === 0 || (attempt === 1 && error instanceof SessionExpiredError);
    const delay = Math.max(
      isImmediate ? 0 : ownDelay,
      Math.min(retryAfterOf(error), maxDelay * maxRetryAfterFactor, maxTimerDelay),
    );
    return { attempt, delay, notifier$: timer(delay, scheduler) };
  };
}

function retryAfterOf(error: unknown): number {
  const hasRetryAfter = error instanceof ConnectionLostError || error instanceof ConnectionFailedError;
  return hasRetryAfter ? (error.retryAfter ?? 0) : 0;
}

/** Validators for {@link BackoffOptions}. */
export const backoffChecks: Readonly<Record<string, Validator>> = {
  initialDelay: isAtLeast(0),
  maxDelay: isAtLeast(0),
  factor: isAtLeast(1),
  jitter: isOneOf('full', 'none'),
  maxRetries: isAtLeast(0),
  stableAfter: isAtLeast(0),
  isRetryable: isFunction,
  refusalTimeout: isAtLeast(0),
  scheduler: hasMethods('a scheduler', 'now', 'schedule'),
};

/**
 * Whether a retry can succeed without any change by the user. Returns `error.retryable` for an {@link MCPError}, and
 * `true` for any other value. For example, missing authorization, an invalid configuration, a command that does not
 * exist, and HTTP statuses 4xx except 408, 409, 425 and 429 are not retryable.
 *
 * @example
 * call$.pipe(retry({ count: 3, delay: (error) => (isRetryable(error) ? timer(1_000) : throwError(() => error)) }));
 */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof MCPError) || error.retryable;
}
