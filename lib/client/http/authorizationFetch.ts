import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { withTimeout } from '../../util/abort';
import { limitBody } from './readBody';

/** Timeout for a request to an authorization server, including its body, in milliseconds. */
const requestTimeoutMs = 30_000;

/**
 * Creates a `fetch` for requests to an authorization server. Sessions with the same provider wait for the same flow, so
 * each request is limited in time, and each response in size. Requests are aborted when `signal` aborts.
 */
export function authorizationFetch(
  request: FetchLike,
  signal: AbortSignal,
  scheduler: SchedulerLike = asyncScheduler,
): FetchLike {
  return (to, init) =>
    withTimeout({ timeoutMs: requestTimeoutMs, scheduler, signal }, async (limited) => {
      const response = limitBody(await request(to, { ...init, signal: limited }));
      return new Response(response.body && (await response.arrayBuffer()), response);
    });
}
