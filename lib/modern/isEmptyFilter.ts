import type { SubscriptionFilter } from '@modelcontextprotocol/client';

/** Whether a filter lets nothing through. */
export function isEmptyFilter(filter: SubscriptionFilter): boolean {
  return Object.keys(filter).length === 0;
}
