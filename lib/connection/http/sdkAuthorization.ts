import { auth, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import {
  OAuthError,
  ServerError,
  TemporarilyUnavailableError,
  TooManyRequestsError,
} from '@modelcontextprotocol/sdk/server/auth/errors.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { AuthorizationFlow } from '../../client/http/authorizer';

/** Authorization as the SDK goes about it, for the legacy era. */
export function sdkAuthorization(provider: OAuthClientProvider, serverUrl: URL, fetchFn: FetchLike): AuthorizationFlow {
  return {
    run: ({ resourceMetadataUrl, scope }) => auth(provider, { serverUrl, resourceMetadataUrl, scope, fetchFn }),
    isFinal(cause): cause is OAuthError {
      const isPassing =
        cause instanceof ServerError ||
        cause instanceof TemporarilyUnavailableError ||
        cause instanceof TooManyRequestsError;
      return cause instanceof OAuthError && !isPassing;
    },
  };
}
