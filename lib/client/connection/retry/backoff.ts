import { type retry, type SchedulerLike, timer } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, MCPError, SessionExpiredError } from '../../../errors';
import { maxTimerDelay } from '../../../util/maxDelay';
import { assertOptions, isAtLeast, isFunction, isOneOf, isScheduler, type Validator } from '../../../util/options';
import { uptimeOf, type RetryPolicy } from './retryWith';

/** Options for {@link backoff}. All times are in milliseconds. Read by `backoff()`. */
export interface BackoffOptions {
  /** The first delay, before jitter. Default 500. */
  initialDelay?: number | undefined;
  /** The maximum delay. Default 30,000. */
  maxDelay?: number | undefined;
  /** The factor by which the delay grows with each attempt. Default 2. */
  factor?: number | undefined;
  /**
   * The randomization of delays. `'full'` (default): each delay is random, between 0 and the computed delay. This
   * prevents many clients from reconnecting to a restarted server at the same time. `'none'`: delays are not
   * randomized.
   */
  jitter?: 'full' | 'none' | undefined;
  /**
   * The maximum number of consecutive attempts. A session counts the attempts to reopen a stream and the attempts to
   * open a new connection separately. Default: `Infinity`.
   */
  maxRetries?: number | undefined;
  /**
   * How long a connection must be open before the policy starts over with the first delay. After a shorter connection,
   * delays keep growing, so that a server that accepts connections and immediately drops them is not flooded. Default
   * 5,000.
   */
  stableAfter?: number | undefined;
  /** Returns whether to retry after an error. Default: {@link isRetryable}. */
  isRetryable?: ((error: unknown) => boolean) | undefined;
  /**
   * How long a session that has been connected before retries while the server rejects every attempt with a permanent
   * status, such as 401 or 404. Proxies may respond with such a status during a deploy. After this time, the next
   * rejection closes the session. Read by sessions only. Default 600,000.
   */
  rejectionTimeout?: number | undefined;
  /** The scheduler for the delays. Default: the session's scheduler, or `asyncScheduler` outside of a session. */
  scheduler?: SchedulerLike | undefined;
}

/** The config of RxJS's `retry`. Derived from `retry`, because RxJS exports the type only from 7.5 on. */
export type RetryConfig = Exclude<Parameters<typeof retry>[0], number | undefined>;

/** The maximum delay that a server can request (`Retry-After`, `retry`), as a multiple of `maxDelay`. */
const maxRetryAfterFactor = 10;

/** The options of each config that {@link backoff} has created. Sessions use them to report delays in `status$`. */
const optionsOf = new WeakMap<RetryConfig, BackoffOptions>();

/** Returns the options of a config that {@link backoff} has created. Returns `undefined` for any other config. */
export function backoffOptionsOf(config: RetryConfig): BackoffOptions | undefined {
  return optionsOf.get(config);
}

/**
 * Creates a config for RxJS's `retry`: exponential backoff with jitter.
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
 * If an error is not retryable (see {@link isRetryable}), the stream errors immediately. The policy starts over with
 * the first delay after a connection that was open for at least `stableAfter`, not after each one. If the server
 * requests a longer delay (`Retry-After`, or the `retry` field of an event stream), that delay is used, up to ten times
 * `maxDelay`.
 *
 * @param options - delays, limits and jitter. Default: `{}`.
 * @returns a config for `retry`. Each `retry` has its own state, so a config can be shared.
 * @throws `ConfigError` if an option is invalid.
 */
export function backoff(options: BackoffOptions = {}): RetryConfig {
  assertOptions(options, backoffChecks);
  const config: RetryConfig = {
    // `retry(config)` reads this getter once, so each `retry` has its own policy even if several share a config.
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
 * @param immediate - whether the first of consecutive attempts is made without a delay.
 */
export function backoffPolicy(options: BackoffOptions, immediate = false): RetryPolicy {
  const { initialDelay = 500, maxDelay = 30_000, factor = 2, jitter = 'full', maxRetries = Infinity } = options;
  const { stableAfter = 5_000, isRetryable: canRetry = isRetryable, scheduler } = options;
  const first = immediate ? 0 : 1;
  let attempts = 0;
  return (error) => {
    const uptime = uptimeOf(error);
    // An uptime of 0 means that the connection never opened, so it was not stable, even with `stableAfter: 0`.
    if (uptime > 0 && uptime >= stableAfter) attempts = 0;
    if (attempts >= maxRetries || !canRetry(error)) throw error;
    const attempt = first + attempts++;
    const ceiling = Math.min(maxDelay, initialDelay && initialDelay * factor ** (attempt - 1), maxTimerDelay);
    const ownDelay = jitter === 'full' ? Math.random() * ceiling : ceiling;
    // A server that reports an expired session is reachable, so the next attempt is made without a delay.
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
  rejectionTimeout: isAtLeast(0),
  scheduler: isScheduler,
};

/**
 * Returns whether a retry may succeed without any action by the user: `error.retryable` for an {@link MCPError}, and
 * `true` for any other value.
 *
 * Not retryable are, for example, missing authorization, an invalid configuration, a command that does not exist, and
 * 4xx statuses except for 408, 409, 425 and 429.
 *
 * @example
 * call$.pipe(retry({ count: 3, delay: (error) => (isRetryable(error) ? timer(1_000) : throwError(() => error)) }));
 */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof MCPError) || error.retryable;
}
