import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Subscription } from 'rxjs';
import { isObject } from '../../../util/isObject';
import type { HttpOptions } from '../../connection/connector';
import { type AuthorizationFlow, type Authorizer, createAuthorizer } from '../../http/authorizer';
import { failOnOutage } from '../../http/failOnOutage';
import { limitBody } from '../../http/readBody';

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
      return failOnOutage(provider, fetch, (guarded, fetchFn) =>
        auth(guarded, { serverUrl, resourceMetadataUrl, scope, fetchFn }),
      );
    },
    isFinal: (cause): cause is Error =>
      cause instanceof Error &&
      isObject(cause) &&
      typeof cause['errorCode'] === 'string' &&
      !transient.has(cause['errorCode']),
  };
}
