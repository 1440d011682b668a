import type { JSONRPCRequest, RequestId } from './types';

/** The maximum number of ids to remember. */
const maxIds = 1_024;

/** The maximum length of an id to remember, in characters. */
const maxIdLength = 1_024;

/**
 * Returns a function that detects repeated requests on one connection: a resumed stream may replay a request, which
 * must be answered only once.
 *
 * A ping never counts as repeated. Answering a ping twice is harmless, but a server that reuses the ids of its pings
 * would consider an unanswered client dead.
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
