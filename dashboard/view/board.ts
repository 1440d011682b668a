import type { MCPClient, MCPSession } from 'rx-mcp';
import type { BehaviorSubject, Subject } from 'rxjs';
import type { CallRequest } from '../model/callState';

/** What the panels of the page have in common. */
export interface Board {
  readonly client: MCPClient;
  /** By the name of their server, in the order in which they are shown. */
  readonly sessions: ReadonlyMap<string, MCPSession>;
  /** The server to work with. */
  readonly chosen$: BehaviorSubject<string>;
  /** The calls that are to be made. */
  readonly calls$: Subject<Omit<CallRequest, 'id'>>;
  /** The tool that is to be put into the form, with arguments to begin with. */
  readonly draft$: Subject<{ tool: string; args: Record<string, unknown> }>;
}
