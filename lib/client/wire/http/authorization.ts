import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Subscription } from 'rxjs';
import { isObject } from '../../../util/isObject';
import type { HttpOptions } from '../../connection/connector';
import { type AuthorizationFlow, type Authorizer, createAuthorizer } from '../../http/authorizer';
import { limitBody } from '../../http/readBody';

/**
 * Returns the authorizer of a connection if the options have an `authProvider`. Its requests are aborted when the connection
 * ends.
 */
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

/** The codes of OAuth errors after which the authorization server may grant a later request. */
const transient = new Set<unknown>(['server_error', 'temporarily_unavailable', 'too_many_requests']);

/**
 * The authorization flow of the SDK, which is loaded when the flow first runs. The SDK redirects the user after any failed
 * refresh. Here, an unavailable authorization server causes a retryable error instead, and the user is not redirected.
 */
function legacyAuthorization(provider: OAuthClientProvider, serverUrl: URL, fetch: FetchLike): AuthorizationFlow {
  return {
    async run({ resourceMetadataUrl, scope }) {
      const [{ auth }, { failOnOutage }] = await Promise.all([
        import('@modelcontextprotocol/sdk/client/auth.js'),
        import('../../http/failOnOutage'),
      ]);
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
