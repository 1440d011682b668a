import { ClientCredentialsProvider, PrivateKeyJwtProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import type { OAuthClientProvider, OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';

/** Returns the OAuth provider for a scenario, or `undefined` if the scenario is not about authorization. */
export function providerFor(scenario: string, context: ScenarioContext): OAuthClientProvider | undefined {
  if (!scenario.startsWith('auth/')) return undefined;
  const { client_id: clientId, client_secret: clientSecret, private_key_pem: privateKey } = context;
  switch (scenario) {
    case 'auth/client-credentials-jwt':
      return new PrivateKeyJwtProvider({
        clientId: clientId!,
        privateKey: privateKey!,
        algorithm: context.signing_algorithm!,
      });
    case 'auth/client-credentials-basic':
      return new ClientCredentialsProvider({ clientId: clientId!, clientSecret: clientSecret! });
    case 'auth/cross-app-access-complete-flow':
      return new EnterpriseProvider(context);
    default:
      return new CodeProvider(
        clientId === undefined ? undefined : { client_id: clientId, client_secret: clientSecret },
      );
  }
}

/** The context of a scenario; its members depend on the scenario. */
export interface ScenarioContext {
  client_id?: string;
  client_secret?: string;
  private_key_pem?: string;
  signing_algorithm?: string;
  idp_client_id?: string;
  idp_id_token?: string;
  idp_token_endpoint?: string;
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
}

const redirectUrl = 'http://127.0.0.1:1/callback';

/** The parameters of the redirect back from an authorization server. */
interface AuthorizationAnswer {
  readonly authorizationCode: string;
  /** The issuer, if the server names it. */
  readonly iss: string | undefined;
}

/** An OAuth provider whose user agrees immediately. It follows the redirect and keeps the answer. */
export class CodeProvider implements OAuthClientProvider {
  readonly redirectUrl = redirectUrl;
  /** The client id metadata document, for servers that accept a URL as the client id. */
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

  /** @param client - The registration, if the client was registered beforehand. */
  constructor(client?: OAuthClientInformationMixed) {
    this.#client = client;
  }

  /** Returns the answer to the last redirect, once. */
  takeAnswer(): AuthorizationAnswer | undefined {
    const answer = this.#answer;
    this.#answer = undefined;
    return answer;
  }

  async redirectToAuthorization(url: URL): Promise<void> {
    const response = await fetch(url, { redirect: 'manual' });
    const location = response.headers.get('location');
    if (location === null) throw new Error(`authorizing: no redirect from ${url.origin} (HTTP ${response.status})`);
    const { searchParams } = new URL(location);
    const authorizationCode = searchParams.get('code');
    if (authorizationCode === null) throw new Error(`authorizing: no code in the redirect from ${url.origin}`);
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

/** An OAuth provider without a user. An enterprise identity provider authenticates the client. */
class EnterpriseProvider implements OAuthClientProvider {
  readonly redirectUrl = undefined;
  readonly clientMetadata = {
    client_name: 'rx-mcp-proof',
    redirect_uris: [],
    grant_types: ['urn:ietf:params:oauth:grant-type:jwt-bearer'],
    token_endpoint_auth_method: 'client_secret_basic',
  };
  readonly #context: ScenarioContext;
  #tokens: OAuthTokens | undefined;
  #discovered: OAuthDiscoveryState | undefined;

  constructor(context: ScenarioContext) {
    this.#context = context;
  }

  clientInformation() {
    const { client_id = '', client_secret } = this.#context;
    return { client_id, client_secret };
  }

  tokens() {
    return this.#tokens;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.#tokens = tokens;
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovered = state;
  }

  /** Exchanges the identity token for an assertion that the MCP server's authorization server accepts. */
  async prepareTokenRequest(): Promise<URLSearchParams> {
    const { idp_token_endpoint = '', idp_id_token = '', idp_client_id = '' } = this.#context;
    const { authorizationServerUrl = '', resourceMetadata } = this.#discovered ?? {};
    const response = await fetch(idp_token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
        subject_token: idp_id_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
        audience: authorizationServerUrl,
        resource: resourceMetadata?.resource ?? '',
        client_id: idp_client_id,
      }),
    });
    const { access_token } = (await response.json()) as { access_token: string };
    return new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: access_token });
  }

  redirectToAuthorization(): void {
    throw new Error('redirecting: this provider has no user');
  }

  codeVerifier(): string {
    throw new Error('verifying: this provider uses no authorization code');
  }

  saveCodeVerifier(): void {}
}
