import { HttpConnector, MCPSession, type Tool } from 'rx-mcp';
import { filter, firstValueFrom, type Observable } from 'rxjs';
import { test } from 'vitest';
import { startServer, type TestServer } from './startServer';

/** Creates a `test` of which each case has a server, and a session that is connected to it. */
export function createSessionTest(resources: Readonly<Record<string, Observable<string>>> = {}) {
  return test.extend<{ server: TestServer; session: MCPSession }>({
    server: async ({}, use) => {
      const server = await startServer(resources);
      await use(server);
      await server.sessionEnded();
      await server.stop();
    },
    session: async ({ server }, use) => {
      const session = new MCPSession(new HttpConnector(server.url));
      await session.connect();
      await use(session);
      await session.disconnect();
    },
  });
}

/** Resolves with the next list of tools that contains a name. */
export const listWith = (session: MCPSession, name: string): Promise<readonly Tool[]> =>
  firstValueFrom(session.tools$.pipe(filter((tools) => tools.some((tool) => tool.name === name))));
