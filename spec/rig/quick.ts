import type { BackoffOptions } from 'rx-mcp';

/** A reconnect policy with short delays. */
export const quick: BackoffOptions = { initialDelay: 20, maxDelay: 100, jitter: 'none' };
