import { HttpConnector, MCPSession } from 'rx-mcp';
import { type RunningExampleServer, startExampleServer } from './startExampleServer';

/** The example server, and a connected session. */
export interface ExampleSession {
  readonly server: RunningExampleServer;
  readonly session: MCPSession;
}

/** Starts the example server once for the specs of a `describe`, and connects a session for each. `assign` receives both. */
export function useExampleSession(assign: (opened: ExampleSession) => void): void {
  let server: RunningExampleServer;
  let session: MCPSession;

  beforeAll(async () => {
    server = await startExampleServer({ args: ['--heartbeat', '20'] });
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    session = new MCPSession(new HttpConnector(server.url));
    await session.connect();
    assign({ server, session });
  });
  afterEach(() => session.disconnect());
}
