import type { FaultCommands } from './faultCommands';

/** What the panel sends to the server's process. */
export interface FaultOrder {
  id: number;
  /** A command by name, or `sync`, which does nothing but answer after all events so far. */
  command: keyof FaultCommands | 'sync';
  args: unknown[];
}
