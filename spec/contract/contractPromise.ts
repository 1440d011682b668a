import type { MCPSession } from 'rx-mcp';
import type { Cell } from './cell';

/** Checks whether a promise is kept, and rejects otherwise. */
type Keep = (session: MCPSession, cell: Cell) => Promise<void>;

/** The alternative behaviour if the protocol does not allow a promise to be kept. */
export interface Exception {
  /** The protocol's reason. */
  reason: string;
  /** Checks the rejection or the absence that the reason describes. */
  keep: Keep;
}

/** A promise of the API, for every server, transport and era. */
export interface ContractPromise {
  name: string;
  keep: Keep;
  /** Returns the alternative in a cell in which the promise cannot be kept. */
  instead?(cell: Cell): Exception | undefined;
}
