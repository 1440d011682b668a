import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { withTimeout } from '../../util/abort';
import { limitBody } from './readBody';

/**
 * Creates a `fetch` for requests to an authorization server. Sessions with the same provider wait for the same flow, so
 * each request is limited in time, including its body, and each response in size. Requests are aborted when `signal` aborts.
 */
export function authorizationFetch(
  request: FetchLike,
  signal: AbortSignal,
  scheduler: SchedulerLike = asyncScheduler,
): FetchLike {
  return (to, init) =>
    withTimeout({ scheduler, signal }, async (limited) => {
      const response = limitBody(await request(to, { ...init, signal: limited }));
      return new Response(response.body && (await response.arrayBuffer()), response);
    });
}
