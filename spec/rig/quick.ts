import type { BackoffOptions } from 'rx-mcp';

/** A policy that specs need not wait for. */
export const quick: BackoffOptions = { initialDelay: 20, maxDelay: 100, jitter: 'none' };
