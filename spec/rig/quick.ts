import type { BackoffOptions } from 'rx-mcp';

/** A reconnect policy with short delays. */
export const quick: BackoffOptions = { initialDelay: 20, maxDelay: 100, jitter: 'none' };

/**
 * A reconnect policy with short delays for the SDK's transport, which may leave a timer behind when it closes. A long one would keep
 * the process of Jest alive.
 */
export const quickSdk = {
  initialReconnectionDelay: 10,
  maxReconnectionDelay: 10,
  reconnectionDelayGrowFactor: 1,
  maxRetries: 2,
};
