/** The update with this index in a flood of them on a subscription: what has room for an index is only its `_meta`. */
export function updateAt(index, subscription) {
  return {
    jsonrpc: '2.0',
    method: 'notifications/resources/updated',
    params: { uri: 'memo://bench', _meta: { 'io.modelcontextprotocol/subscriptionId': subscription, index } },
  };
}
