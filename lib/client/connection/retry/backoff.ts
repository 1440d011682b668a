import { type RetryConfig, type SchedulerLike, timer } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, MCPError, SessionExpiredError } from '../../../errors';
import { maxTimerDelay } from '../../../util/maxDelay';
import { assertOptions, isAtLeast, isFunction, type Validator, hasMethods, isOneOf } from '../../../util/options';
import { uptimeOf, type RetryPolicy } from './retryWith';

/** How long to wait between attempts. All times are in milliseconds. */
export interface BackoffOptions {
  /** The ceiling of the first delay. Default 500. */
  initialDelay?: number;
  /** The highest ceiling. Default 30,000. */
  maxDelay?: number;
  /** What the ceiling is multiplied by with every attempt. Default 2. */
  factor?: number;
  /**
   * `'full'` (the default) draws each delay between zero and its ceiling, so that a thousand clients of a server that went
   * down do not come back in step; `'none'` waits the whole ceiling.
   */
  jitter?: 'full' | 'none';
  /** How many attempts are made in a row before giving up. Default: no limit. */
  maxRetries?: number;
  /**
   * How long something must have been open for the count to start over. Default 5,000. A server that accepts and then drops
   * at once is not hammered: the delay goes on growing.
   */
  stableAfter?: number;
  /** Which errors are worth another attempt. Default: {@link isRetryable}. */
  isRetryable?: (error: unknown) => boolean;
  /** The clock. Default: RxJS's `asyncScheduler`. */
  scheduler?: SchedulerLike;
}

/** A server may ask for a long wait (`Retry-After`, `retry`), but not for one that amounts to never. */
const maxRetryAfterFactor = 10;

/** The options behind each config that `backoff` made: a session tells the delays it knows in its `status$`. */
const optionsOf = new WeakMap<RetryConfig, BackoffOptions>();

/** The options that a config was made of, if {@link backoff} made it. */
export function backoffOptionsOf(config: RetryConfig): BackoffOptions | undefined {
  return optionsOf.get(config);
}

/**
 * Exponential backoff with jitter, as a config for RxJS's own `retry`:
 *
 * ```ts
 * connector.connect().pipe(retry(backoff({ maxDelay: 10_000 })))
 * ```
 *
 * ```text
 * connect()        --#  -#  -#  ----c----------#  -c-----   no jitter; c is open for longer than stableAfter
 * waits, in ms       500 1,000 2,000            500
 * ```
 *
 * Errors that no retry mends end it (see {@link isRetryable}). The count starts over when the connection
 * had been open for `stableAfter`, not on every connect. A wait that the server asked for is respected.
 *
 * @throws `ConfigError` when an option is not what it has to be.
 */
export function backoff(options: BackoffOptions = {}): RetryConfig {
  assertOptions(options, backoffChecks);
  const config: RetryConfig = {
    // Read once by every `retry(config)`: each of them so has a count of its own, even when they share the config.
    get delay() {
      const waits = backoffPolicy(options);
      return (error: unknown) => waits(error).notifier$;
    },
  };
  optionsOf.set(config, options);
  return config;
}

/**
 * The decisions of one retry, error by error. It counts, so each retry needs one of its own.
 *
 * @param immediate - whether the first attempt in a row is made at once, before any that is waited for.
 */
export function backoffPolicy(options: BackoffOptions, immediate = false): RetryPolicy {
  const { initialDelay = 500, maxDelay = 30_000, factor = 2, jitter = 'full', maxRetries = Infinity } = options;
  const { stableAfter = 5_000, isRetryable: canRetry = isRetryable, scheduler } = options;
  const first = immediate ? 0 : 1;
  let tried = 0;
  return (error) => {
    const uptime = uptimeOf(error);
    // What never opened was not stable, however short a time would do.
    if (uptime > 0 && uptime >= stableAfter) tried = 0;
    if (tried >= maxRetries || !canRetry(error)) throw error;
    const attempt = first + tried++;
    const ceiling = Math.min(maxDelay, initialDelay && initialDelay * factor ** (attempt - 1), maxTimerDelay);
    const drawn = jitter === 'full' ? Math.random() * ceiling : ceiling;
    // A server that has just said that it forgot the session is up: there is nothing to wait for, once.
    const own = attempt === 0 || (attempt === 1 && error instanceof SessionExpiredError) ? 0 : drawn;
    const delay = Math.max(own, Math.min(retryAfterOf(error), maxDelay * maxRetryAfterFactor, maxTimerDelay));
    return { attempt, delay, notifier$: timer(delay, scheduler) };
  };
}

function retryAfterOf(error: unknown): number {
  const asks = error instanceof ConnectionLostError || error instanceof ConnectionFailedError;
  return asks ? (error.retryAfter ?? 0) : 0;
}

/** What the options of `backoff` have to be. */
export const backoffChecks: Readonly<Record<string, Validator>> = {
  initialDelay: isAtLeast(0),
  maxDelay: isAtLeast(0),
  factor: isAtLeast(1),
  jitter: isOneOf('full', 'none'),
  maxRetries: isAtLeast(0),
  stableAfter: isAtLeast(0),
  isRetryable: isFunction,
  scheduler: hasMethods('a scheduler', 'now', 'schedule'),
};

/**
 * Whether it makes sense to try again after this error. Not after what stays wrong until somebody acts: missing
 * authorization, a bad configuration, a command that does not exist, a 4xx that does not speak of time. Any other error,
 * known or unknown, is worth another attempt.
 *
 * @example
 * call$.pipe(retry({ count: 3, delay: (error) => (isRetryable(error) ? timer(1_000) : throwError(() => error)) }));
 */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof MCPError) || error.retryable;
}
