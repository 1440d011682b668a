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

/** Sends a request. If the response requires authorization, obtains credentials and resends the request. */
export function fetchAuthorized(
  send: Send,
  authorizer: Authorizer | undefined,
  init: AuthorizedInit,
): Promise<Response> {
  if (!authorizer) return send(init);
  return send(init).then((response) => {
    const { status } = response;
    return status === 401 || status === 403 ? authorizer.resend(response, init, send) : response;
  });
}
