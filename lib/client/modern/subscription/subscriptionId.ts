import type { RequestId } from '../../../protocol/types';

const prefix = 'rx-mcp-listen-';

/** The id of a connection's nth subscription. A string, so that it is none of the SDK's own. */
export function subscriptionId(n: number): string {
  return `${prefix}${String(n)}`;
}

/** Whether a request is a subscription. */
export function isSubscriptionId(id: RequestId): boolean {
  return typeof id === 'string' && id.startsWith(prefix);
}
