import type { SubscriptionFilter } from '@modelcontextprotocol/client';

/** What became of an attempt to subscribe: with neither of the two it failed, and there will be another. */
export interface Outcome {
  asked: SubscriptionFilter;
  /** What the server agreed to. */
  honored?: SubscriptionFilter;
  /** Why there is no subscription, and will be none until something else is asked for. */
  refused?: Error;
}
