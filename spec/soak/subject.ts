import type { Balance } from './balance';
import type { Outages } from './createOutages';

/** A session that goes through a soak, and what is known of it. */
export interface Subject {
  /** Resolves when it is connected, and listens. */
  listens(): Promise<void>;
  /** Resolves when it has received this number, or a later one. */
  heard(n: number): Promise<void>;
  /** Notes that the server has sent these numbers to it. */
  sent(from: number, count: number): void;
  balance(last: number): Balance;
  /** The times in which its server could not be reached. */
  readonly outages: Outages;
  /** Notes that its stream is dead, and cannot be noticed to be before its limit of silence. */
  isDeaf(): void;
  /** Notes that a request for its stream is left unanswered, which cannot be noticed before its limit of silence. */
  isHeldUp(): void;
  /** Milliseconds that each recovery took, from when it was noticed. */
  readonly recoveries: readonly number[];
  /** Milliseconds that each recovery took, from when the server was reachable again. */
  readonly returns: readonly number[];
  readonly connections: number;
  readonly gaps: number;
  /** Milliseconds that lie in gaps. */
  readonly gapTime: number;
  readonly longestSilence: number;
  readonly calls: { answered: number; failed: number; untyped: number };
  /** Why the session was closed, though nothing here closed it. */
  readonly endedBy: string | undefined;
  /** Makes no further calls, and disconnects. */
  end(): Promise<void>;
}

/** Milliseconds of silence after which a stream of a subject counts as dead: numbers come all the time. */
export const maxSilenceMs = 2_000;
