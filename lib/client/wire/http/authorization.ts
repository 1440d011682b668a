import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Subscription } from 'rxjs';
import { ConnectionFailedError } from '../../../errors';
import { isObject } from '../../../util/isObject';
import { reasonOf } from '../../../util/reasonOf';
import type { HttpOptions } from '../../connection/connector';
import { type AuthorizationFlow, type Authorizer, createAuthorizer } from '../../http/authorizer';
import { limitBody } from '../../http/readBody';
import { mediaTypeOf } from '../../http/readAnswer';

/** The authorizer of a connection, where an `authProvider` was given; its requests end with the connection. */
export function authorizerOf(
  { authProvider, fetch: request = fetch }: HttpOptions,
  url: URL,
  running: Subscription,
): Authorizer | undefined {
  if (!authProvider) return undefined;
  const ending = new AbortController();
  running.add(() => {
    ending.abort();
  });
  const limited: FetchLike = async (to, init) => limitBody(await request(to, { ...init, signal: ending.signal }));
  return createAuthorizer(authProvider, legacyAuthorization(authProvider, url, limited));
}

/** OAuth error codes after which the authorization server may grant later what it did not grant now. */
const transient = new Set<unknown>(['server_error', 'temporarily_unavailable', 'too_many_requests']);

/**
 * The authorization flow of the SDK, which is loaded when it first runs. The SDK redirects the user when a refresh fails for
 * whatever reason; here, an authorization server that is unavailable is an error to retry after, and the user is left alone.
 */
function legacyAuthorization(provider: OAuthClientProvider, serverUrl: URL, fetch: FetchLike): AuthorizationFlow {
  return {
    async run({ resourceMetadataUrl, scope }) {
      const { auth } = await import('@modelcontextprotocol/sdk/client/auth.js');
      const outage = watchOutage(fetch);
      const guarded = refuseRedirect(provider, () => outage.error);
      try {
        return await auth(guarded, { serverUrl, resourceMetadataUrl, scope, fetchFn: outage.fetch });
      } catch (cause) {
        throw outage.error ?? cause;
      }
    },
    isFinal: (cause): cause is Error =>
      cause instanceof Error &&
      isObject(cause) &&
      typeof cause['errorCode'] === 'string' &&
      !transient.has(cause['errorCode']),
  };
}

/** Makes requests, and keeps the error of one that was not answered as an authorization server answers. */
export function watchOutage(fetch: FetchLike): { fetch: FetchLike; readonly error: ConnectionFailedError | undefined } {
  let error: ConnectionFailedError | undefined;

  function fail(message: string, options: { status?: number; cause?: unknown }): ConnectionFailedError {
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
        fail(`the authorization server answered HTTP ${String(status)}`, { status });
      } else if (init?.method === 'POST') {
        error = undefined;
      }
      return response;
    },
  };
}

/** The same provider, but the user is not redirected because of an outage. */
export function refuseRedirect<T extends OAuthClientProvider>(provider: T, outage: () => Error | undefined): T {
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
