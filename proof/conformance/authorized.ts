import { auth as authModern } from '@modelcontextprotocol/client';
import { auth, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { type MCPSession, UnauthorizedError } from 'rx-mcp';
import { CodeProvider } from './codeProvider';

/** How often the user is asked, for one thing, before the client takes no for an answer. */
const mostRedirects = 2;

/** What has to be authorized. */
export interface AuthorizedContext {
  readonly session: MCPSession;
  readonly serverUrl: string;
  readonly provider: OAuthClientProvider | undefined;
  /** Whether by the rules of the modern era. */
  readonly isModern: boolean;
}

/** Does something on a connected session; when the server wants authorization for it, gets that, and does it again. */
export async function authorized<T>(
  { session, serverUrl, provider, isModern }: AuthorizedContext,
  action: () => Promise<T>,
): Promise<T> {
  for (let redirects = 0; ; redirects++) {
    try {
      await session.connect();
      return await action();
    } catch (error) {
      const canAuthorize = provider instanceof CodeProvider && error instanceof UnauthorizedError;
      const answer = canAuthorize ? provider.takeAnswer() : undefined;
      if (!canAuthorize || answer === undefined || redirects === mostRedirects) throw error;
      await (isModern ? authModern : auth)(provider, { serverUrl, ...answer });
    }
  }
}
