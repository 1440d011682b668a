import { HttpConnector, MCPSession, type Root } from 'rx-mcp';

/** Runs `use` with a connected session, which reconnects quickly. */
export async function withSession<T>(
  url: string,
  use: (session: MCPSession) => Promise<T>,
  roots: readonly Root[] = [],
): Promise<T> {
  const reconnect = { initialDelay: 50, maxDelay: 200 };
  const session = new MCPSession(new HttpConnector(url, { reconnect, roots }), { timeout: 10_000 });
  try {
    return await use(session);
  } finally {
    await session.disconnect();
  }
}
