import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { AuthorizationFlow } from '../http/authorizer';
import type { Sdk } from './loadSdk';

/**
 * Authorization by the rules of the modern era, as its SDK goes about it: issuers are checked, credentials belong to the
 * authorization server that gave them, and who asks for more keeps what there was.
 */
export function modernAuthorization(
  { auth, computeScopeUnion, isStrictScopeSuperset, OAuthClientFlowError, OAuthError, OAuthErrorCode }: Sdk,
  provider: OAuthClientProvider,
  serverUrl: URL,
  fetchFn: FetchLike,
): AuthorizationFlow {
  /** Errors after which the authorization server may well agree. */
  const passing: readonly string[] = [
    OAuthErrorCode.ServerError,
    OAuthErrorCode.TemporarilyUnavailable,
    OAuthErrorCode.TooManyRequests,
  ];
  let asked: string | undefined;

  return {
    async run({ resourceMetadataUrl, scope: wanted, hasRejectedToken, isInsufficientScope }) {
      const granted = isInsufficientScope ? (await provider.tokens())?.scope : undefined;
      const scope = computeScopeUnion(asked, granted, wanted);
      asked = scope;
      // The server may have moved to another authorization server since.
      if (hasRejectedToken && !isInsufficientScope) await provider.invalidateCredentials?.('discovery');
      // A refresh can not widen what was granted.
      const forceReauthorization = isInsufficientScope && isStrictScopeSuperset(scope, granted);
      return auth(provider, { serverUrl, resourceMetadataUrl, scope, forceReauthorization, fetchFn });
    },
    isFinal: (cause): cause is Error =>
      cause instanceof OAuthClientFlowError || (cause instanceof OAuthError && !passing.includes(cause.code)),
  };
}
