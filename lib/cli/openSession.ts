import { filter, type Observable, take, takeUntil } from 'rxjs';
import { MCPSession } from '../client/session/mcpSession';
import type { Target } from './target';
import type { Terminal } from './terminal';
import { oneLine } from './text';

/**
 * Creates the session of a target. Elicitations are shown on the terminal. Without a terminal, and if they open a URL, they are
 * declined with a line on standard error. Ctrl-C at a prompt stops the command.
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
 * Connects a session, calls `use`, and always disconnects: even if `use` fails or the user interrupts it.
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
