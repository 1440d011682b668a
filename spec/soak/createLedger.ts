import type { Gap } from 'rx-mcp';
import type { Balance } from './balance';

/** Keeps count of the numbers that came in at one session, and of the gaps that it told. */
export interface Ledger {
  /** A number has come in now. */
  came(n: number): void;
  gap(gap: Gap): void;
  /**
   * What became of the numbers up to `last`.
   *
   * A number that did not come was missed between the arrival of the one before and that of the one after. It was lost
   * inside a gap when one that was told overlaps that time, and had begun when the number was sent; outside of any when none
   * had. What was heard last may have been under way for a while, by which a gap may seem to begin late.
   *
   * @param sentAt - when a number had been sent, if the server is known to have sent it. What came was sent, of course.
   */
  balance(last: number, sentAt: (n: number) => number | undefined): Balance;
  /** How long the longest silence between two arrivals was, in milliseconds. */
  longestSilence(): number;
}

/** Milliseconds for which something may be under way, on a network and a machine that are busy. */
const underWay = 500;

/** An empty ledger, from now on. */
export function createLedger(now: () => number = Date.now): Ledger {
  const startedAt = now();
  /** When each number came, in milliseconds since the epoch. */
  const arrivals: (number | undefined)[] = [];
  const gaps: Gap[] = [];
  let duplicated = 0;
  let latest = startedAt;
  let silence = 0;

  const isCovered = (sentAt: number, from: number, to: number): boolean =>
    gaps.some(
      ({ since, until }) =>
        since <= Math.max(from, to) && until >= Math.min(from, to) && since <= Math.max(sentAt, from) + underWay,
    );

  return {
    came(n) {
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
