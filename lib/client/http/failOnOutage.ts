import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ConnectionFailedError } from '../../errors';
import { reasonOf } from '../../util/reasonOf';
import { mediaTypeOf } from './readAnswer';

/** Members of an OAuth provider that lead to the user being redirected. */
interface RedirectingProvider {
  redirectToAuthorization(url: URL): unknown;
}

/**
 * Runs an authorization flow of an SDK. An SDK redirects the user when a refresh fails for whatever reason; here, an
 * authorization server that is unavailable is a retryable error, and the user is left alone.
 */
export async function failOnOutage<T extends RedirectingProvider>(
  provider: T,
  fetch: FetchLike,
  run: (provider: T, fetch: FetchLike) => Promise<string>,
): Promise<string> {
  const outage = watchOutage(fetch);
  try {
    return await run(
      refuseRedirect(provider, () => outage.error),
      outage.fetch,
    );
  } catch (cause) {
    throw outage.error ?? cause;
  }
}

/** Makes requests, and keeps the error of one that was not answered as an authorization server answers. */
function watchOutage(fetch: FetchLike): { fetch: FetchLike; readonly error: ConnectionFailedError | undefined } {
  let error: ConnectionFailedError | undefined;

  function fail(message: string, options: { cause?: unknown }): ConnectionFailedError {
    return (error = new ConnectionFailedError(`authorizing: ${message}`, { ...options, retryable: true }));
  }

  return {
    get error() {
      return error;
    },
    async fetch(input, init) {
      let response: Response;
      try {
        response = await fetch(input, init);
      } catch (cause) {
        const { message, shown } = reasonOf(cause);
        throw fail(message, { cause: shown });
      }
      const { status } = response;
      const isOutage = status >= 500 || status === 429;
      // A page in place of a grant comes from a proxy.
      if (isOutage || (init?.method === 'POST' && mediaTypeOf(response) === 'text/html')) {
        // Without the status: it is not one of the MCP server.
        fail(`the authorization server answered HTTP ${String(status)}`, {});
      } else if (init?.method === 'POST') {
        error = undefined;
      }
      return response;
    },
  };
}

/** The same provider, but the user is not redirected because of an outage. */
function refuseRedirect<T extends RedirectingProvider>(provider: T, outage: () => Error | undefined): T {
  return new Proxy(provider, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const error = name === 'redirectToAuthorization' || name === 'saveCodeVerifier' ? outage() : undefined;
        if (error) throw error;
        return Reflect.apply(member, target, args);
      };
    },
  });
}
