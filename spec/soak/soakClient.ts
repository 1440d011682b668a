import type { Balance } from './balance';
import type { Outages } from './createOutages';

/** A session in a soak, with its records. */
export interface SoakClient {
  /** Resolves when the session is connected and listening. */
  listens(): Promise<void>;
  /** Resolves when the session has received this number or a later one. */
  receives(n: number): Promise<void>;
  /** Records that the server has sent these numbers to the session. */
  sent(from: number, count: number): void;
  balance(last: number): Balance;
  /** The periods in which the server was unreachable. */
  readonly outages: Outages;
  /** Records that the stream is dead, which the watchdog detects after its limit at the earliest. */
  streamDied(): void;
  /** Records that a request for the stream is pending and will not be answered. It times out after the limit of the watchdog. */
  streamStalled(): void;
  /** The duration of each recovery since the loss was detected, in milliseconds. */
  readonly recoveries: readonly number[];
  /** The duration of each recovery since the server was reachable again, in milliseconds. */
  readonly returns: readonly number[];
  readonly connections: number;
  readonly gaps: number;
  /** The total duration of the gaps, in milliseconds. */
  readonly gapTime: number;
  readonly longestSilence: number;
  readonly calls: { answered: number; failed: number; untyped: number };
  /** The error that closed the session before `end()`. */
  readonly endedBy: string | undefined;
  /** Stops the calls and disconnects. */
  end(): Promise<void>;
}

/** The watchdog limit of all clients. Numbers are sent continuously. In milliseconds. */
export const maxSilenceMs = 2_000;
