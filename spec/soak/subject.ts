import type { Balance } from './balance';

/** A session that goes through a soak, and what is known of it. */
export interface Subject {
  /** Resolves when it is connected, and listens. */
  listens(): Promise<void>;
  /** Resolves when it has heard this number, or a later one. */
  heard(n: number): Promise<void>;
  balance(last: number, sentAt: (n: number) => number | undefined): Balance;
  /** Milliseconds that each recovery took. */
  readonly recoveries: readonly number[];
  readonly connections: number;
  readonly gaps: number;
  /** Milliseconds that lie in gaps. */
  readonly gapTime: number;
  readonly longestSilence: number;
  readonly calls: { answered: number; failed: number; untyped: number };
  /** Makes no further calls, and disconnects. */
  end(): Promise<void>;
}
