import type { RequestId } from '../../../protocol/types';

const prefix = 'rx-mcp-listen-';

/** Returns the request id of a connection's nth subscription. The id is a string, because the SDK uses numbers. */
export function subscriptionId(n: number): string {
  return `${prefix}${String(n)}`;
}

/** Whether a request id belongs to a subscription. */
export function isSubscriptionId(id: RequestId): boolean {
  return typeof id === 'string' && id.startsWith(prefix);
}
