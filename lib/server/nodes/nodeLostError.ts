import type { RequestId } from '../../protocol/types';

/**
 * Creates the error response to a call whose node is lost or closing. The call is not run again, because it may have
 * had side effects.
 */
export function nodeLostError(id: RequestId): { jsonrpc: '2.0'; id: RequestId; error: object } {
  const error = { code: -32000, message: 'request: the node that ran it is gone', data: { reason: 'node_lost' } };
  return { jsonrpc: '2.0', id, error };
}
