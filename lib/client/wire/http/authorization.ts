import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { SchedulerLike, Subscription } from 'rxjs';
import { isObject } from '../../../util/isObject';
import { authorizationFetch } from '../../http/authorizationFetch';
import { type AuthorizationFlow, createAuthorizer } from '../../http/authorizer';
import { failOnOutage } from '../../http/failOnOutage';
import { isFinalCode } from '../../http/oauthErrorCode';
import type { Authorizer } from '../../http/fetchAuthorized';

/** Creates the authorizer of a connection. Its requests are aborted when the connection ends. */
export function legacyAuthorizer(
  provider: OAuthClientProvider,
  request: FetchLike,
  url: URL,
  running: Pick<Subscription, 'add'>,
  scheduler?: SchedulerLike,
): Authorizer {
  const ending = new AbortController();
  running.add(() => {
    ending.abort();
  });
  const limitedFetch = authorizationFetch(request, ending.signal, scheduler);
  return createAuthorizer(provider, legacyAuthorization(provider, url, limitedFetch, scheduler), scheduler);
}

/**
 * The OAuth flow of the SDK, which is loaded when the flow runs for the first time. Unlike the SDK itself, does not
 * redirect the user while the authorization server is unavailable, but rejects with a retryable error.
 */
function legacyAuthorization(
  provider: OAuthClientProvider,
  serverUrl: URL,
  fetch: FetchLike,
  scheduler?: SchedulerLike,
): AuthorizationFlow {
  return {
    async run({ resourceMetadataUrl, scope }) {
      const { auth } = await import('@modelcontextprotocol/sdk/client/auth.js');
      return failOnOutage(
        provider,
        fetch,
        (guarded, fetchFn) => auth(guarded, { serverUrl, resourceMetadataUrl, scope, fetchFn }),
        scheduler,
      );
    },
    isFinal: (cause): cause is Error => cause instanceof Error && isObject(cause) && isFinalCode(cause['errorCode']),
  };
}
