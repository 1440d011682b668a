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
  /** The total time in gaps, the time in which the server was unreachable, and the time of all sessions, in milliseconds. */
  gapMs: number;
  unreachableMs: number;
  elapsedMs: number;
  /** The duration of each recovery since the loss was detected, in milliseconds. */
  recoveries: readonly number[];
  /** The duration of each recovery since the server was reachable again, in milliseconds. */
  returns: readonly number[];
  /** The number of new connections. */
  connections: number;
  /** The longest time without a notification, in milliseconds. */
  longestSilence: number;
  /** Calls that were answered, that failed with a typed error, and that failed with anything else. */
  calls: { answered: number; failed: number; untyped: number };
  /** Sessions that did not listen again in the end. */
  notListening: number;
  /** The errors that closed sessions. */
  ended: readonly string[];
}

/** The outcome of a soak. */
export interface SoakReport {
  reports: readonly WireReport[];
  before: Usage;
  after: Usage;
}

/** The key figures of several wires. */
export interface SoakFigures {
  lostOutside: number;
  duplicated: number;
  ended: number;
  /** The time in gaps, as a multiple of the time in which the server was unreachable. */
  gapRatio: number;
  /** Milliseconds. */
  medianReturn: number;
}

/** The goals for the figures, on an idle machine. */
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
