import type { Balance } from './balance';

/** A session in a soak, and its observations. */
export interface Subject {
  /** Resolves when the session is connected and listens. */
  listens(): Promise<void>;
  /** Resolves when the session has received this number, or a later one. */
  heard(n: number): Promise<void>;
  balance(last: number, sentAt: (n: number) => number | undefined): Balance;
  /** The duration of each recovery, in milliseconds. */
  readonly recoveries: readonly number[];
  readonly connections: number;
  readonly gaps: number;
  /** The total duration of all gaps, in milliseconds. */
  readonly gapTime: number;
  readonly longestSilence: number;
  readonly calls: { answered: number; failed: number; untyped: number };
  /** Stops making calls, and disconnects. */
  end(): Promise<void>;
}
