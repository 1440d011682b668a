import type { OAuthClientProvider } from '@modelcontextprotocol/client';

type Kept<M extends 'clientInformation' | 'tokens' | 'discoveryState'> = Awaited<
  ReturnType<NonNullable<OAuthClientProvider[M]>>
>;

/** A provider that stores everything in memory, and records the redirect URLs. */
export interface MemoryProvider extends OAuthClientProvider {
  readonly redirects: URL[];
}

/** Creates a provider with the tokens of an earlier authorization, if any. By default the client is registered. */
export function oauthProvider(tokens?: Kept<'tokens'>, { isRegistered = true } = {}): MemoryProvider {
  let client: Kept<'clientInformation'> = isRegistered ? { client_id: 'client' } : undefined;
  const redirects: URL[] = [];
  let discovered: Kept<'discoveryState'>;
  let verifier = '';
  return {
    redirects,
    redirectUrl: 'http://127.0.0.1/callback',
    clientMetadata: { redirect_uris: ['http://127.0.0.1/callback'], client_name: 'a client' },
    clientInformation: () => client,
    saveClientInformation: (saved) => void (client = saved),
    tokens: () => tokens,
    saveTokens: (saved) => void (tokens = saved),
    redirectToAuthorization: (url) => void redirects.push(url),
    saveCodeVerifier: (code) => void (verifier = code),
    codeVerifier: () => verifier,
    discoveryState: () => discovered,
    saveDiscoveryState: (state) => void (discovered = state),
    invalidateCredentials: (kind) => {
      if (kind === 'discovery') discovered = undefined;
    },
  };
}
