import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { fetchWithinOrigin } from './fetchWithinOrigin';

/** The options of a request whose headers may be changed. */
export type AuthorizedInit = RequestInit & { headers: Headers };

/** Sends a request with these options. */
export type Send = (init: AuthorizedInit) => Promise<Response>;

/** Obtains credentials for the requests of one connection. */
export interface Authorizer {
  /**
   * Resends a request with the credentials that a 401 or 403 requires. Resolves with the last response. Rejects with an
   * `UnauthorizedError` if the user must authorize first.
   */
  resend(response: Response, init: AuthorizedInit, send: Send): Promise<Response>;
}

/**
 * Sends a request, and follows redirects within the origin of the URL. If the response requires authorization, obtains
 * credentials and resends the request.
 */
export async function fetchAuthorized(
  fetch: FetchLike,
  url: URL,
  init: AuthorizedInit,
  authorizer: Authorizer | undefined,
): Promise<Response> {
  const response = await fetchWithinOrigin(fetch, url, init);
  const { status } = response;
  if (!authorizer || (status !== 401 && status !== 403)) return response;
  return authorizer.resend(response, init, (resent) => fetchWithinOrigin(fetch, url, resent));
}
