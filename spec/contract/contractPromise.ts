import type { MCPSession } from 'rx-mcp';
import type { Cell } from './cell';

/** What is done to see whether a promise is kept; rejects when it is not. */
type Keep = (session: MCPSession, cell: Cell) => Promise<void>;

/** What there is where the protocol leaves no way to keep a promise. */
export interface Exception {
  /** The protocol's reason. */
  reason: string;
  /** The refusal, or the absence, that the reason names. */
  keep: Keep;
}

/** One thing that the API promises, whatever the server, the transport and the era. */
export interface ContractPromise {
  name: string;
  keep: Keep;
  /** What there is in its stead in a cell, if it can not be kept there. */
  instead?(cell: Cell): Exception | undefined;
}
