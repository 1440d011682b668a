import type { BackoffOptions } from 'rx-mcp';

/** A demonstration is not to be waited for. */
export const reconnect: BackoffOptions = { initialDelay: 250, maxDelay: 1_000 };
