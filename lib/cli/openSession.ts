import { filter, type Observable, take, takeUntil } from 'rxjs';
import { MCPSession } from '../client/session/mcpSession';
import type { Target } from './target';
import type { Terminal } from './terminal';
import { oneLine } from './text';

/**
 * Creates the session for a target. Elicitations with a form are shown on the terminal, where Ctrl-C stops the command.
 * Elicitations that open a URL, and all elicitations without a terminal, are declined with a line on standard error.
 */
export function createSession({ connector }: Target, terminal: Terminal, json: boolean): MCPSession {
  const session = new MCPSession(connector);
  session.handle('elicitation/create', async ({ params }) => {
    if (!terminal.canAsk || 'url' in params) {
      const reason = terminal.canAsk ? 'it opens a URL' : 'there is no terminal';
      const message = oneLine(params.message);
      terminal.note(
        json
          ? JSON.stringify({ declined: { message, reason } })
          : `rx-mcp: declined an elicitation, because ${reason}: ${message}`,
      );
      return { action: 'decline' };
    }
    const { elicit } = await import('./elicit');
    return elicit(params, process.stdin, process.stderr, () => terminal.interrupt());
  });
  return session;
}

/**
 * Connects a session, calls `use`, and disconnects, even if `use` fails or the user interrupts it.
 *
 * @returns the result of `use`, or `undefined` if the user interrupted it.
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
    // After an interruption, the session is disconnected, so pending calls fail. Ignore their errors.
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

/** Resolves when a session is closed by `disconnect()`. Rejects if the session is closed by an error. */
export function whenClosed({ status$ }: MCPSession): Promise<void> {
  return new Promise((resolve, reject) => {
    status$.subscribe((status) => {
      if (status.state !== 'closed') return;
      if (status.error) reject(status.error);
      else resolve();
    });
  });
}
