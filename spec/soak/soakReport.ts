import type { Usage } from '../faults/calls/soak/usage';
import type { Balance } from './balance';

/** The outcome of a soak over one wire, of all its sessions. */
export interface WireReport {
  name: string;
  sessions: number;
  /** How often each fault happened, by name. */
  faults: ReadonlyMap<string, number>;
  balance: Balance;
  gaps: number;
  /** Milliseconds that lie in gaps, in which the server could not be reached, and in all. */
  gapMs: number;
  unreachableMs: number;
  elapsedMs: number;
  /** Milliseconds of each recovery: from when a session did not listen to when it did again. */
  recoveries: readonly number[];
  /** The same, from when its server could be reached again. */
  returns: readonly number[];
  /** How often a session had a new connection. */
  connections: number;
  /** The longest time without a notification, in milliseconds. */
  longestSilence: number;
  /** Calls that were answered, that failed with a typed error, and that failed with anything else. */
  calls: { answered: number; failed: number; untyped: number };
  /** Sessions that did not listen again in the end. */
  deaf: number;
  /** Why sessions were closed by an error. */
  ended: readonly string[];
}

/** The outcome of a soak. */
export interface SoakReport {
  reports: readonly WireReport[];
  before: Usage;
  after: Usage;
}

/** The figures that a soak is about, over several wires. */
export interface SoakFigures {
  lostOutside: number;
  duplicated: number;
  ended: number;
  /** Time in gaps, as a multiple of the time in which the server could not be reached. */
  gapRatio: number;
  /** Milliseconds. */
  medianReturn: number;
}

/** What the figures should be, over minutes on a machine that is not busy. */
export const goals: SoakFigures = { lostOutside: 0, duplicated: 0, ended: 0, gapRatio: 1.5, medianReturn: 300 };

/** Computes the figures of some wires. */
export function figuresOf(reports: readonly WireReport[]): SoakFigures {
  const sum = (of: (report: WireReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  return {
    lostOutside: sum(({ balance }) => balance.lostOutside),
    duplicated: sum(({ balance }) => balance.duplicated),
    ended: sum(({ ended }) => ended.length),
    gapRatio: sum(({ gapMs }) => gapMs) / sum(({ unreachableMs }) => unreachableMs),
    medianReturn: median(reports.flatMap(({ returns }) => returns)),
  };
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
