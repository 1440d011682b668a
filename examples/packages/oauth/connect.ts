import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type Session, UnauthorizedError } from 'rx-mcp';
import { exhaustMap, filter, from, type Observable } from 'rxjs';
import type { AuthProvider } from './authProvider';

/** Connects a session. If the server requires a login, waits for the redirect and finishes the login. */
export async function connect(
  session: Session,
  url: string,
  authProvider: AuthProvider,
  redirect$: Observable<URL>,
): Promise<void> {
  const redirected = new Promise<URL>((resolve) => redirect$.subscribe(resolve));
  try {
    await session.connect();
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    // The browser shows the login page now.
    const code = authProvider.codeIn(await redirected);
    await new StreamableHTTPClientTransport(new URL(url), { authProvider }).finishAuth(code);
    await session.connect();
  }
}

/** Logs in again whenever the session ends because its authorization cannot be refreshed. */
export function loginAgain(session: Session, login: () => Promise<void>): Observable<void> {
  return session.status$.pipe(
    filter((status) => status.state === 'closed' && status.error instanceof UnauthorizedError),
    exhaustMap(() => from(login())),
  );
}
