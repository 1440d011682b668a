import type { MCPSession } from 'rx-mcp';
import type { Observable } from 'rxjs';
import type { DemoFact } from './demoFact';

/** A session to watch, and what happens while it is watched. */
export interface Scenario {
  /** Not yet connected. */
  readonly session: MCPSession;
  /** Cold; to be subscribed to when connected. Does what there is to do, tells of it, and completes when all is done. */
  readonly steps$: Observable<DemoFact>;
  /** Hot; what the server's process writes to its standard error, piece by piece, where there is one to listen to. */
  readonly stderr$?: Observable<string>;
  /** Ends what was started for it; resolves when that is gone. */
  close(): Promise<void>;
}
