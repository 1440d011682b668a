import { filter, type Observable, take, takeUntil } from 'rxjs';
import { MCPSession } from '../client/session/mcpSession';
import type { SessionOptions } from '../client/session/sessionOptions';
import type { Target } from './target';
import type { Terminal } from './terminal';

/** Creates the session of a target. Elicitations are shown on the terminal. Without a terminal, they are declined. */
export function createSession({ connector }: Target, terminal: Terminal, options?: SessionOptions): MCPSession {
  const session = new MCPSession(connector, options);
  session.handle('elicitation/create', async ({ params }) => {
    if (!terminal.canAsk || 'url' in params) return { action: 'decline' };
    const { elicit } = await import('./elicit');
    return elicit(params, process.stdin, process.stderr);
  });
  return session;
}

/**
 * Connects a session, calls `use` and disconnects, also if `use` fails or the user interrupts it.
 *
 * Resolves with the result of `use`, or with `undefined` if the user interrupted it first.
 */
export async function withSession<T>(
  session: MCPSession,
  { stop$ }: Terminal,
  use: (session: MCPSession) => Promise<T>,
): Promise<T | undefined> {
  const stopped = new Promise<undefined>((resolve) => {
    stop$.pipe(takeUntil(closed$(session))).subscribe(() => resolve(undefined));
  });
  try {
    const used = session.connect().then(() => use(session));
    // An interruption disconnects the session, so pending calls fail.
    used.catch(() => undefined);
    return await Promise.race([used, stopped]);
  } finally {
    await session.disconnect();
  }
}

function closed$({ status$ }: MCPSession): Observable<unknown> {
  return status$.pipe(
    filter(({ state }) => state === 'closed'),
    take(1),
  );
}

/** Resolves when a session has been disconnected. Rejects if the session was closed by an error. */
export function whenClosed({ status$ }: MCPSession): Promise<void> {
  return new Promise((resolve, reject) => {
    status$.subscribe((status) => {
      if (status.state !== 'closed') return;
      if (status.error) reject(status.error);
      else resolve();
    });
  });
}
