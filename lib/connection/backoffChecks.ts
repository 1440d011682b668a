import { atLeast, callable, having, oneOf, type Check } from '../util/options';

/** What the options of `backoff` have to be. */
export const backoffChecks: Readonly<Record<string, Check>> = {
  initialDelay: atLeast(0),
  maxDelay: atLeast(0),
  factor: atLeast(1),
  jitter: oneOf('full', 'none'),
  maxRetries: atLeast(0),
  stableAfter: atLeast(0),
  isRetryable: callable,
  scheduler: having('a scheduler', 'now', 'schedule'),
};
