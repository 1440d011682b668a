import type { Gap, LoggingLevel, Progress, SessionStatus } from 'rx-mcp';

/** One thing that happened, whatever stream it came from. */
export type DemoFact =
  /** Any notification, as it came. What follows from some of them is told once more, in a form of its own. */
  | { type: 'notification'; method: string; params?: unknown }
  /** What the server asks of the client. */
  | { type: 'request'; method: string }
  | { type: 'heartbeat'; count: unknown }
  /** What the list of tools has, when it was fetched again, that it had not before; and the reverse. */
  | { type: 'tools'; added: string[]; removed: string[] }
  | { type: 'log'; level: LoggingLevel; data: unknown }
  /** The client's roots now. */
  | { type: 'roots'; uris: string[] }
  /** The roots that the server read. */
  | { type: 'roots-read'; uris: string[] }
  | ({ type: 'progress'; tool: string } & Omit<Progress, 'progressToken'>)
  | { type: 'result'; tool: string; text: string }
  | ({ type: 'status' } & SessionStatus)
  | { type: 'reconnected' }
  | ({ type: 'gap' } & Gap)
  | { type: 'error'; error: Error }
  /** What a server's process wrote to its standard error. */
  | { type: 'stderr'; text: string }
  /** What is about to be done. */
  | { type: 'step'; text: string };
