import type { JSONRPCMessage } from '../protocol/types';

/** What stands for the id 0 of a server's request. */
const standIn = 'rx-mcp-0';

/**
 * The SDK takes the request id 0, which many servers begin with, for no id at all when the server cancels it. So it never
 * sees one: another stands for it on the way in, and is taken back on the way out.
 */
export const zeroId = {
  hide(message: JSONRPCMessage): JSONRPCMessage {
    if (!('method' in message)) return message;
    if ('id' in message) return message.id === 0 ? { ...message, id: standIn } : message;
    if (message.method !== 'notifications/cancelled' || message.params?.['requestId'] !== 0) return message;
    return { ...message, params: { ...message.params, requestId: standIn } };
  },
  show(message: JSONRPCMessage): JSONRPCMessage {
    return !('method' in message) && message.id === standIn ? { ...message, id: 0 } : message;
  },
};
