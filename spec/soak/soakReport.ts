import type { Usage } from '../faults/calls/soak/usage';
import type { Balance } from './balance';

/** The result of a soak. */
export interface SoakReport {
  seed: number;
  sessions: number;
  seconds: number;
  /** The number of faults, by name. */
  faults: ReadonlyMap<string, number>;
  /** The totals of all sessions. */
  balance: Balance;
  gaps: number;
  /** The share of the sessions' time that lies in gaps. */
  gapShare: number;
  /** The number of times that a session listened again after it had stopped, and how many of these needed a new connection. */
  recoveries: number;
  connections: number;
  /** The time from when a session stopped listening until it listened again, in milliseconds. */
  recovery: { median: number; max: number };
  /** The longest time in which a session received nothing, in milliseconds. */
  longestSilence: number;
  /** The numbers of calls that succeeded, that failed with a typed error, and that failed with any other error. */
  calls: { answered: number; failed: number; untyped: number };
  /** The number of sessions that did not listen at the end. */
  deaf: number;
  before: Usage;
  after: Usage;
}
