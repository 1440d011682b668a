/** The method of the notifications that nothing else is said of. */
const customMethod = 'bench/tick';

/**
 * The notification with this index in a flood: one of our own, or with `tokens` a progress notification, whose token goes
 * round through so many. It carries its index, so that a receiver can tell that none is missing.
 */
export function notificationAt(index, tokens) {
  return tokens === undefined
    ? { jsonrpc: '2.0', method: customMethod, params: { index, text: 'a line of text, as logs and heartbeats have' } }
    : {
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: `token-${index % tokens}`, progress: index, total: 1_000_000_000 },
      };
}
