import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { failOnOutage } from '../http/failOnOutage';
import type { AuthorizationFlow } from '../http/authorizer';
import type { Sdk } from './loadSdk';

/**
 * The authorization flow of the modern era's SDK. It verifies issuers, binds credentials to their authorization server, and adds
 * requested scopes to the granted ones.
 */
export function modernAuthorization(
  { auth, computeScopeUnion, isStrictScopeSuperset, OAuthClientFlowError, OAuthError, OAuthErrorCode }: Sdk,
  provider: OAuthClientProvider,
  serverUrl: URL,
  fetchFn: FetchLike,
): AuthorizationFlow {
  /** The codes of errors that may not occur again. */
  const transientCodes: readonly string[] = [
    OAuthErrorCode.ServerError,
    OAuthErrorCode.TemporarilyUnavailable,
    OAuthErrorCode.TooManyRequests,
  ];
  let requested: string | undefined;

  return {
    async run({ resourceMetadataUrl, scope: wanted, hasRejectedToken, isInsufficientScope }) {
      const granted = isInsufficientScope ? (await provider.tokens())?.scope : undefined;
      const scope = computeScopeUnion(requested, granted, wanted);
      requested = scope;
      // The server may have moved to another authorization server.
      if (hasRejectedToken && !isInsufficientScope) await provider.invalidateCredentials?.('discovery');
      // A refresh cannot add scopes.
      const forceReauthorization = isInsufficientScope && isStrictScopeSuperset(scope, granted);
      return failOnOutage(provider, fetchFn, (guarded, fetch) =>
        auth(guarded, { serverUrl, resourceMetadataUrl, scope, forceReauthorization, fetchFn: fetch }),
      );
    },
    isFinal: (cause): cause is Error =>
      cause instanceof OAuthClientFlowError || (cause instanceof OAuthError && !transientCodes.includes(cause.code)),
  };
}
