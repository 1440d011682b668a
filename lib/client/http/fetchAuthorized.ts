/** Obtains credentials for the requests of one connection. */
export interface Authorizer {
  /**
   * Obtains the credentials that a response requires. Resolves with the `Authorization` header for the next attempt.
   * Rejects with an `UnauthorizedError` if the user must authorize first.
   *
   * @param used - the `Authorization` header that the server rejected.
   */
  authorize(response: Response, used: string | null): Promise<string | null>;
}

/**
 * Sends a request. If the response requires authorization, obtains credentials and resends the request: at most once
 * after a 401, and once after a 403.
 */
export async function fetchAuthorized(
  send: (init: RequestInit) => Promise<Response>,
  authorizer: Authorizer | undefined,
  init: RequestInit & { headers: Headers },
): Promise<Response> {
  const attempted = new Set<number>();
  for (;;) {
    const response = await send(init);
    if (!authorizer || !requiresAuthorization(response) || attempted.has(response.status)) return response;
    attempted.add(response.status);
    await response.body?.cancel();
    const authorization = await authorizer.authorize(response, init.headers.get('authorization'));
    if (authorization !== null) init.headers.set('authorization', authorization);
  }
}

const insufficientScope = /^\s*bearer\b.*[\s,]error\s*=\s*"?insufficient_scope\b/is;

/** Whether a response requires authorization: a 401, or a 403 because of insufficient scope. */
function requiresAuthorization({ status, headers }: Response): boolean {
  return status === 401 || (status === 403 && insufficientScope.test(headers.get('www-authenticate') ?? ''));
}
