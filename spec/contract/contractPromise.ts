import type { MCPSession } from 'rx-mcp';
import type { Cell } from './cell';

/** One thing that the API promises, whatever the server, the transport and the era. */
export interface ContractPromise {
  name: string;
  /** The protocol's reason why it can not be kept in a cell, if there is one. */
  whyNot?(cell: Cell): string | undefined;
  /** Rejects when it is not kept. */
  keep(session: MCPSession, cell: Cell): Promise<void>;
}
