import assert from 'node:assert/strict';
import type { MCPSession } from 'rx-mcp';

/** Runs `use` with a session and then disconnects. Rejects if the session emitted an unexpected error in the meantime. */
export async function withSession<T>(
  session: MCPSession,
  use: (session: MCPSession) => Promise<T>,
  isExpected: (error: Error) => boolean = () => false,
): Promise<T> {
  const errors: Error[] = [];
  session.errors$.subscribe((error) => {
    if (!isExpected(error)) errors.push(error);
  });
  try {
    const result = await use(session);
    assert.deepEqual(errors, [], 'nothing on errors$');
    return result;
  } finally {
    await session.disconnect();
  }
}
