import type { Engine, MCPSession } from 'rx-mcp';
import type { Observable } from 'rxjs';
import type { RunningExampleServer } from './server/startExampleServer';
import type { DemoFact } from './demoFact';

/** What is particular to one version of the protocol. */
export interface Tour {
  readonly engine?: Engine;
  /** Starts the server, at a port that it had before or at any. */
  startServer(port?: number): Promise<RunningExampleServer>;
  /** Cold; keeps the server's heart beating, where it does not by itself. */
  heartbeat$(session: MCPSession): Observable<DemoFact>;
  /** Cold; gives the server reason to read the roots, where it is not told that they changed. */
  readRoots$(session: MCPSession): Observable<DemoFact>;
}
