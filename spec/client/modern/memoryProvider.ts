import type { OAuthClientProvider } from '@modelcontextprotocol/client';

/** A provider that keeps all in memory, and where it would have sent the user. */
export interface MemoryProvider extends OAuthClientProvider {
  readonly redirects: URL[];
}

/** A client that nobody knows yet. */
export function memoryProvider(): MemoryProvider {
  type Kept<M extends 'clientInformation' | 'tokens' | 'discoveryState'> = Awaited<
    ReturnType<NonNullable<OAuthClientProvider[M]>>
  >;
  const redirects: URL[] = [];
  let client: Kept<'clientInformation'>;
  let tokens: Kept<'tokens'>;
  let discovered: Kept<'discoveryState'>;
  let verifier = '';
  return {
    redirects,
    redirectUrl: 'http://127.0.0.1/callback',
    clientMetadata: { redirect_uris: ['http://127.0.0.1/callback'], client_name: 'a client' },
    clientInformation: () => client,
    saveClientInformation: (fresh) => void (client = fresh),
    tokens: () => tokens,
    saveTokens: (fresh) => void (tokens = fresh),
    redirectToAuthorization: (url) => void redirects.push(url),
    saveCodeVerifier: (code) => void (verifier = code),
    codeVerifier: () => verifier,
    discoveryState: () => discovered,
    saveDiscoveryState: (state) => void (discovered = state),
    invalidateCredentials: (what) => {
      if (what === 'discovery') discovered = undefined;
    },
  };
}
