import type { RequestId } from '../../protocol/types';

/** The response to a call whose node is gone, or is closing. The call may have had effects: it is not run again. */
export function nodeLostError(id: RequestId): { jsonrpc: '2.0'; id: RequestId; error: object } {
  const error = { code: -32000, message: 'the node that ran the call is gone', data: { reason: 'node_lost' } };
  return { jsonrpc: '2.0', id, error };
}
