import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { SchedulerLike } from 'rxjs';
import { ConnectionFailedError, MCPError } from '../../errors';
import { reasonOf } from '../../util/reasonOf';
import { limitProvider } from './limitProvider';
import { isFinalCode, readObject } from './oauthErrorCode';
import { json, mediaTypeOf } from './readAnswer';

/** An OAuth provider that can redirect the user. */
interface RedirectingProvider {
  redirectToAuthorization(url: URL): unknown;
}

/**
 * Runs an OAuth flow of the SDK, which redirects the user after almost any failed refresh. Only an OAuth error may lead
 * to a redirect. Rejects with a retryable error instead if the authorization server is unavailable or sends an
 * unexpected response, or if a method of the provider does not settle or fails during the refresh.
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
    return await run(guardProvider(limited, outage), outage.fetch);
  } catch (cause) {
    throw outage.error ?? cause;
  }
}

interface Outage {
  fetch: FetchLike;
  /** The error of the last request, if the response is not an OAuth error, or of the provider. */
  error: MCPError | undefined;
}

function watchOutage(fetch: FetchLike): Outage {
  function fail(message: string, cause?: unknown): ConnectionFailedError {
    return (outage.error = new ConnectionFailedError(`authorizing: ${message}`, { cause, retryable: true }));
  }

  const outage: Outage = {
    error: undefined,
    async fetch(input, init) {
      let response: Response;
      try {
        response = await fetch(input, init);
      } catch (cause) {
        const { message, shown } = reasonOf(cause);
        throw fail(message, shown);
      }
      const { status } = response;
      // The errors have no `status`, because `status` is reserved for responses of the MCP server.
      if (status >= 500 || status === 429) fail(`authorization server responded with HTTP ${String(status)}`);
      else if (init?.method === 'POST') {
        outage.error = undefined;
        if (!(await mayRedirectAfter(response, init))) {
          const detail = `HTTP ${String(status)}, ${mediaTypeOf(response) ?? 'no Content-Type'}`;
          fail(`unexpected response from the authorization server (${detail})`);
        }
      }
      return response;
    },
  };
  return outage;
}

/**
 * Whether the user may be redirected after a response to a POST: after an OAuth error, and after a registration. If the
 * response contains tokens, the SDK does not redirect the user.
 */
async function mayRedirectAfter(response: Response, { headers }: RequestInit): Promise<boolean> {
  const body = await readObject(response);
  if (isFinalCode(body?.['error'], response.status)) return true;
  const isRegistration = new Headers(headers).get('content-type') === json;
  return isRegistration && response.ok && body !== undefined;
}

/** The methods whose errors the SDK treats as a rejected refresh. */
const refreshMethods = new Set<PropertyKey>(['saveTokens', 'addClientAuthentication', 'dpop']);

/** The methods that the SDK calls to redirect the user. */
const redirectMethods = new Set<PropertyKey>(['state', 'saveCodeVerifier', 'redirectToAuthorization']);

/** Wraps a provider. Throws instead of redirecting the user after an outage or an error of the provider. */
function guardProvider<T extends RedirectingProvider>(provider: T, outage: Outage): T {
  return new Proxy(provider, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        if (outage.error && redirectMethods.has(name)) throw outage.error;
        try {
          const result: unknown = await Reflect.apply(member, target, args);
          return result;
        } catch (cause) {
          if (refreshMethods.has(name)) outage.error = providerError(cause, String(name));
          throw cause;
        }
      };
    },
  });
}

function providerError(cause: unknown, method: string): MCPError {
  if (cause instanceof MCPError) return cause;
  const { message, shown } = reasonOf(cause);
  return new ConnectionFailedError(`authorizing: authProvider.${method}(): ${message}`, { cause: shown });
}
