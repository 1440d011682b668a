import type { JSONRPCRequest, RequestId } from './types';

/** How many requests are remembered. */
const most = 1_024;

/** An id that is longer than this, in characters, is not remembered: nobody needs one. */
const longestId = 1_024;

/**
 * Tells whether a request has been seen before on this connection: a stream that is resumed may bring it once more, and it
 * is to be answered once. Pings are left out: to answer one twice does no harm, and a server that gives all of them the same
 * id would take the client for dead.
 */
export function createSeenRequests(): (request: JSONRPCRequest) => boolean {
  const seen = new Set<RequestId>();

  return ({ method, id }) => {
    if (method === 'ping' || (typeof id === 'string' && id.length > longestId)) return false;
    if (seen.has(id)) return true;
    seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= most) break;
      seen.delete(oldest);
    }
    return false;
  };
}
