import type { MCPClient, MCPSession } from 'rx-mcp';
import type { BehaviorSubject, Subject } from 'rxjs';
import type { CallRequest } from '../model/callState';
import type { Player } from '../model/player';

/** The state that the panels of the page share. */
export interface Board {
  readonly client: MCPClient;
  /** The sessions by the name of their server, in display order. */
  readonly sessions: ReadonlyMap<string, MCPSession>;
  /** The selected server. */
  readonly chosen$: BehaviorSubject<string>;
  /** Emits the calls to make. */
  readonly calls$: Subject<Omit<CallRequest, 'id'>>;
  /** Emits a tool to put into the form, with initial arguments. */
  readonly draft$: Subject<{ tool: string; args: Record<string, unknown> }>;
  /** The player of the open recording, or `undefined` while the page shows the servers. */
  readonly player$: BehaviorSubject<Player | undefined>;
}
