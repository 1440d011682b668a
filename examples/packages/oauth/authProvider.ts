import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';

/** Stores the state of the OAuth flow. Replace the fields with a keychain, a cookie or a database. */
export class AuthProvider implements OAuthClientProvider {
  private client: OAuthClientInformationMixed | undefined;
  private saved: OAuthTokens | undefined;
  private verifier = '';
  private expectedState = '';

  /** @param openBrowser - shows the login page: opens a browser, or assigns `location.href` in a web page. */
  constructor(
    readonly redirectUrl: string,
    private readonly openBrowser: (url: URL) => void,
  ) {}

  get clientMetadata() {
    const grants = ['authorization_code', 'refresh_token'];
    const native = { application_type: 'native', token_endpoint_auth_method: 'none' };
    return { client_name: 'My app', redirect_uris: [this.redirectUrl], grant_types: grants, ...native };
  }

  state = () => (this.expectedState = crypto.randomUUID());
  clientInformation = () => this.client;
  saveClientInformation = (client: OAuthClientInformationMixed) => void (this.client = client);
  tokens = () => this.saved;
  saveTokens = (tokens: OAuthTokens) => void (this.saved = tokens);
  saveCodeVerifier = (verifier: string) => void (this.verifier = verifier);
  codeVerifier = () => this.verifier;
  redirectToAuthorization = (url: URL) => this.openBrowser(url);

  /** Called by the SDK when the authorization server rejects credentials. */
  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery') {
    if (scope === 'all' || scope === 'client') this.client = undefined;
    if (scope === 'all' || scope === 'tokens') this.saved = undefined;
  }

  /** Returns the code in the URL of the redirect. Throws if the login failed, or if the URL belongs to another login. */
  codeIn(redirected: URL): string {
    const { code, error, state } = Object.fromEntries(redirected.searchParams);
    if (!code || state !== this.expectedState) throw new Error(`login failed: ${error ?? 'unexpected redirect'}`);
    return code;
  }
}
