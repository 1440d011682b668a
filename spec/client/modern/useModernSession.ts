import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern, type ModernOptions } from 'rx-mcp/modern';
import { type ModernHttpServer, serveModernHttp } from '../../rig/modernServer/serveModernHttp';
import { recordingFetch, type RecordingFetch } from './recordingFetch';

/** A server of protocol 2026-07-28, and a session that is not connected, with its requests and errors. */
export interface ModernSession {
  readonly server: ModernHttpServer;
  readonly wire: RecordingFetch;
  readonly session: MCPSession;
  readonly errors: Error[];
}

/** Starts a server and creates a session for each spec of a file. `assign` receives them. */
export function useModernSession(assign: (opened: ModernSession) => void, options?: ModernOptions): void {
  let opened: ModernSession;

  beforeEach(async () => {
    const server = await serveModernHttp();
    const wire = recordingFetch();
    const session = new MCPSession(new HttpConnector(server.url, { engine: modern(options), fetch: wire.fetch }));
    const errors: Error[] = [];
    session.errors$.subscribe((error) => errors.push(error));
    opened = { server, wire, session, errors };
    assign(opened);
  });
  afterEach(async () => {
    await opened.session.disconnect();
    await opened.server.close();
  });
}
