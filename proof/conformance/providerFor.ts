import { ClientCredentialsProvider, PrivateKeyJwtProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { CodeProvider } from './codeProvider';
import { EnterpriseProvider } from './enterpriseProvider';
import type { ScenarioContext } from './scenarioContext';

/** The OAuth provider that a scenario is about; none where it is not about authorization. */
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
