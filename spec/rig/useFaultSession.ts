import type { MCPSession } from 'rx-mcp';
import type { FaultServerOptions } from './fault/world';
import { openSession } from './openSession';
import { record, type Recording } from './record';
import { type FaultServer, startFaultServer } from './startFaultServer';

/** A fault server, and a connected session with its errors. */
export interface OpenFaultSession {
  readonly server: FaultServer;
  readonly session: MCPSession;
  readonly errors: Recording<Error>;
}

/** Starts a fault server and connects a session for each spec of a `describe`. `assign` receives them. */
export function useFaultSession(assign: (opened: OpenFaultSession) => void, options?: FaultServerOptions): void {
  let opened: OpenFaultSession;

  beforeEach(async () => {
    const server = await startFaultServer(options);
    const { session } = openSession(server.url);
    opened = { server, session, errors: record(session.errors$) };
    await session.connect();
    assign(opened);
  });
  afterEach(async () => {
    await opened.session.disconnect();
    await opened.server.stop();
  });
}
