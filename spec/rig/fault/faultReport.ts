import type { FaultEvent } from './faultEvent';

/** What the server's process sends to the panel. */
export type FaultReport =
  | { kind: 'ready'; port: number }
  | { kind: 'event'; event: FaultEvent }
  | { kind: 'reply'; id: number; result?: unknown; error?: string };
