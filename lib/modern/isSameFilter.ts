import type { SubscriptionFilter } from '@modelcontextprotocol/client';

/** Whether two filters let the same through. They are made in one order, so that equal ones are written alike. */
export function isSameFilter(one: SubscriptionFilter, other: SubscriptionFilter): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
