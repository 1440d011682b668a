import { auth, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { type MCPSession, UnauthorizedError } from 'rx-mcp';
import { CodeProvider } from './codeProvider';

/** How often the user is asked, for one thing, before the client takes no for an answer. */
const mostRedirects = 2;

/** Does something on a connected session; when the server wants authorization for it, gets that, and does it again. */
export async function authorized<T>(
  session: MCPSession,
  serverUrl: string,
  provider: OAuthClientProvider | undefined,
  action: () => Promise<T>,
): Promise<T> {
  for (let redirects = 0; ; redirects++) {
    try {
      await session.connect();
      return await action();
    } catch (error) {
      const canAuthorize = provider instanceof CodeProvider && error instanceof UnauthorizedError;
      const authorizationCode = canAuthorize ? provider.takeCode() : undefined;
      if (!canAuthorize || authorizationCode === undefined || redirects === mostRedirects) throw error;
      await auth(provider, { serverUrl, authorizationCode });
    }
  }
}
