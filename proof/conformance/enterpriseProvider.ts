import type { OAuthClientProvider, OAuthDiscoveryState } from '@modelcontextprotocol/sdk/client/auth.js';
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import type { ScenarioContext } from './scenarioContext';

/** An OAuth provider without a user: the company's identity provider vouches for the client. */
export class EnterpriseProvider implements OAuthClientProvider {
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

  /** Trades the identity token for an assertion that the server's own authorization server takes. */
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
    throw new Error('there is nobody to redirect');
  }

  codeVerifier(): string {
    throw new Error('there is no code to verify');
  }

  saveCodeVerifier(): void {}
}
