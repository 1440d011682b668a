import type { OAuthClientProvider, OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';

const redirectUrl = 'http://127.0.0.1:1/callback';

/** What an authorization server sends the user back with. */
export interface AuthorizationAnswer {
  readonly authorizationCode: string;
  /** Which server it is, if it says so. */
  readonly iss: string | undefined;
}

/** An OAuth provider whose user agrees at once: it follows the redirect itself, and keeps what comes back. */
export class CodeProvider implements OAuthClientProvider {
  readonly redirectUrl = redirectUrl;
  /** Where the client describes itself, for servers that take a URL for a registration. */
  readonly clientMetadataUrl = 'https://conformance-test.local/client-metadata.json';
  readonly clientMetadata = {
    client_name: 'rx-mcp-proof',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  };
  #client: OAuthClientInformationMixed | undefined;
  #tokens: OAuthTokens | undefined;
  #verifier = '';
  #discovered: OAuthDiscoveryState | undefined;
  #answer: AuthorizationAnswer | undefined;

  /** @param client - what it was registered as beforehand, if it was. */
  constructor(client?: OAuthClientInformationMixed) {
    this.#client = client;
  }

  /** What came back from the last redirect, once. */
  takeAnswer(): AuthorizationAnswer | undefined {
    const answer = this.#answer;
    this.#answer = undefined;
    return answer;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    const response = await fetch(url, { redirect: 'manual' });
    const location = response.headers.get('location');
    if (location === null) throw new Error(`no redirect from ${url.origin}: HTTP ${response.status}`);
    const { searchParams } = new URL(location);
    const authorizationCode = searchParams.get('code');
    if (authorizationCode === null) throw new Error(`no code from ${url.origin}`);
    this.#answer = { authorizationCode, iss: searchParams.get('iss') ?? undefined };
  }

  clientInformation() {
    return this.#client;
  }

  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.#client = client;
  }

  tokens() {
    return this.#tokens;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.#tokens = tokens;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  discoveryState() {
    return this.#discovered;
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovered = state;
  }

  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (scope === 'all' || scope === 'client') this.#client = undefined;
    if (scope === 'all' || scope === 'tokens') this.#tokens = undefined;
    if (scope === 'all' || scope === 'verifier') this.#verifier = '';
    if (scope === 'all' || scope === 'discovery') this.#discovered = undefined;
  }
}
