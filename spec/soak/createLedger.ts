import type { Gap } from 'rx-mcp';
import type { Balance } from './balance';

/** Accounts for the numbers that one session has received, and for its gaps. */
export interface Ledger {
  /** Records that a number has arrived. */
  receive(n: number): void;
  gap(gap: Gap): void;
  /**
   * Returns the totals for the numbers up to `last`.
   *
   * A missing number was missed between the arrivals of its predecessor and its successor. It counts as lost inside a gap if a
   * reported gap overlaps that period and had begun when the number was sent. Otherwise it counts as lost outside. The last
   * received number may have been in transit for a while, so a gap may seem to begin late.
   *
   * @param sentAt - returns when a number had been sent, if the server is known to have sent it. A received number was certainly
   * sent.
   */
  balance(last: number, sentAt: (n: number) => number | undefined): Balance;
  /** Returns the longest silence between two arrivals, in milliseconds. */
  longestSilence(): number;
}

/** The maximum time in transit on a busy network and machine, in milliseconds. */
const maxTransitMs = 500;

/** Creates an empty ledger. */
export function createLedger(now: () => number = Date.now): Ledger {
  const startedAt = now();
  /** The arrival time of each number, in milliseconds since the epoch. */
  const arrivals: (number | undefined)[] = [];
  const gaps: Gap[] = [];
  let duplicated = 0;
  let latest = startedAt;
  let silence = 0;

  const isCovered = (sentAt: number, from: number, to: number): boolean =>
    gaps.some(
      ({ since, until }) =>
        since <= Math.max(from, to) && until >= Math.min(from, to) && since <= Math.max(sentAt, from) + maxTransitMs,
    );

  return {
    receive(n) {
      if (arrivals[n] !== undefined) duplicated++;
      else arrivals[n] = now();
      silence = Math.max(silence, now() - latest);
      latest = now();
    },
    gap: (gap) => void gaps.push(gap),
    balance(last, sentAt) {
      const balance: Balance = { sent: 0, delivered: 0, duplicated, lostInside: 0, lostOutside: 0 };
      let before = startedAt;
      for (let n = 1; n <= last; n++) {
        const arrival = arrivals[n];
        if (arrival !== undefined) {
          balance.sent++;
          balance.delivered++;
          before = arrival;
          continue;
        }
        let next = n + 1;
        while (next <= last && arrivals[next] === undefined) next++;
        const after = arrivals[next] ?? Infinity;
        for (let missing = n; missing < next; missing++) {
          const sent = sentAt(missing);
          if (sent === undefined) continue;
          balance.sent++;
          balance[isCovered(sent, before, after) ? 'lostInside' : 'lostOutside']++;
        }
        n = next - 1;
      }
      return balance;
    },
    longestSilence: () => silence,
  };
}
