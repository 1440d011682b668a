/** How a server agrees to a subscription, to all that was asked for. */
export function acknowledgementOf({ id, params: { notifications } }) {
  return {
    jsonrpc: '2.0',
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications, _meta: { 'io.modelcontextprotocol/subscriptionId': id } },
  };
}
