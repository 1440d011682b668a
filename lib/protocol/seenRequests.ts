import type { JSONRPCRequest, RequestId } from './types';

/** The maximum number of remembered ids. */
const maxIds = 1_024;

/** Longer ids, in characters, are not remembered. */
const maxIdLength = 1_024;

/**
 * Returns a function that detects repeated requests of one connection: a resumed stream may replay a request, which must be
 * answered only once. Pings never count as repeated. Answering a ping twice is harmless, and a server that reuses the ids of its
 * pings would consider an unanswered client dead.
 */
export function createSeenRequests(): (request: JSONRPCRequest) => boolean {
  const seen = new Set<RequestId>();

  return ({ method, id }) => {
    if (method === 'ping' || (typeof id === 'string' && id.length > maxIdLength)) return false;
    if (seen.has(id)) return true;
    seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= maxIds) break;
      seen.delete(oldest);
    }
    return false;
  };
}
