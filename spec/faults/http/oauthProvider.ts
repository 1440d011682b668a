import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';

/** A provider that keeps all in memory, and where it would have sent the user. */
export interface MemoryProvider extends OAuthClientProvider {
  readonly redirects: URL[];
  saveTokens(tokens: OAuthTokens): void;
}

/** A client that is registered already, with these tokens. */
export function oauthProvider(tokens?: OAuthTokens): MemoryProvider {
  const redirects: URL[] = [];
  let saved = tokens;
  let verifier = '';
  return {
    redirects,
    redirectUrl: 'http://127.0.0.1/callback',
    clientMetadata: { redirect_uris: ['http://127.0.0.1/callback'], client_name: 'a client' },
    clientInformation: () => ({ client_id: 'client' }),
    tokens: () => saved,
    saveTokens: (fresh) => void (saved = fresh),
    redirectToAuthorization: (url) => void redirects.push(url),
    saveCodeVerifier: (code) => void (verifier = code),
    codeVerifier: () => verifier,
  };
}
