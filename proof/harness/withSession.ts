import assert from 'node:assert/strict';
import type { MCPSession } from 'rx-mcp';

/** What `use` makes of a session, which is ended after it. A fault that the session tells of meanwhile is one here. */
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
