import type { Usage } from '../faults/calls/soak/usage';
import type { Balance } from './balance';

/** What a soak has come to. */
export interface SoakReport {
  seed: number;
  sessions: number;
  seconds: number;
  /** How often each fault happened, by name. */
  faults: ReadonlyMap<string, number>;
  /** Of all sessions. */
  balance: Balance;
  gaps: number;
  /** The part of the sessions' time that lies in a gap. */
  gapShare: number;
  /** How often a session listened again after it had not, and how often it had a new connection for that. */
  recoveries: number;
  connections: number;
  /** Milliseconds from when a session did not listen any more to when it did. */
  recovery: { median: number; max: number };
  /** The longest time in which a session heard nothing, in milliseconds. */
  longestSilence: number;
  /** Calls that were answered, that failed with a typed error, and that failed with anything else. */
  calls: { answered: number; failed: number; untyped: number };
  /** Sessions that did not listen again when all was over. */
  deaf: number;
  before: Usage;
  after: Usage;
}
