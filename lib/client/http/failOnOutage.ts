import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { SchedulerLike } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import { reasonOf } from '../../util/reasonOf';
import { limitProvider } from './limitProvider';
import { mediaTypeOf } from './readAnswer';

/** An OAuth provider that can redirect the user. */
interface RedirectingProvider {
  redirectToAuthorization(url: URL): unknown;
}

/**
 * Runs an OAuth flow of the SDK. If the authorization server is unavailable, or a method of the provider does not
 * settle, rejects with a retryable error instead of redirecting the user, which the SDK would do after any failed
 * refresh.
 */
export async function failOnOutage<T extends RedirectingProvider>(
  provider: T,
  fetch: FetchLike,
  run: (provider: T, fetch: FetchLike) => Promise<string>,
  scheduler?: SchedulerLike,
): Promise<string> {
  const outage = watchOutage(fetch);
  const limited = limitProvider(
    provider,
    (error, name) => {
      // The user may take longer to be redirected. Repeating the redirect would disturb the user.
      if (name === 'redirectToAuthorization') return;
      outage.error = error;
      throw error;
    },
    scheduler,
  );
  try {
    return await run(
      refuseRedirect(limited, () => outage.error),
      outage.fetch,
    );
  } catch (cause) {
    throw outage.error ?? cause;
  }
}

interface Outage {
  fetch: FetchLike;
  /** The error of the last request, if the authorization server was unavailable, or of the provider. */
  error: ConnectionFailedError | undefined;
}

function watchOutage(fetch: FetchLike): Outage {
  function fail(message: string, options: { cause?: unknown }): ConnectionFailedError {
    return (outage.error = new ConnectionFailedError(`authorizing: ${message}`, { ...options, retryable: true }));
  }

  const outage: Outage = {
    error: undefined,
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
      // An HTML page in response to a token request is from a proxy.
      if (isOutage || (init?.method === 'POST' && mediaTypeOf(response) === 'text/html')) {
        // The error has no `status`, because `status` is reserved for responses of the MCP server.
        fail(`authorization server responded with HTTP ${String(status)}`, {});
      } else if (init?.method === 'POST') {
        outage.error = undefined;
      }
      return response;
    },
  };
  return outage;
}

/** Wraps a provider. Throws instead of redirecting the user during an outage. */
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
