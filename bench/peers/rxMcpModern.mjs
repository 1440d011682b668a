import { firstValueFrom, filter } from 'rxjs';
import { HttpConnector, MCPSession, resourceUpdated } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';

/** This library with protocol 2026-07-28. */
export const rxMcpModern = {
  async listen(url, uri, handler) {
    const session = new MCPSession(new HttpConnector(url, { engine: modern({ negotiation: 'modern' }) }));
    session.notifications$.pipe(resourceUpdated(uri)).subscribe(handler);
    await session.connect();
    await firstValueFrom(session.status$.pipe(filter(({ listening }) => listening)));
    return { close: () => session.disconnect() };
  },
};
