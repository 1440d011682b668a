import type { Gap } from 'rx-mcp';
import { createLedger } from './createLedger';

describe('a ledger', () => {
  let time = 0;

  /** Creates a ledger with arrivals at these times, and reported gaps. */
  function ledgerOf(arrivals: [n: number, at: number][], gaps: [since: number, until: number][] = []) {
    time = 0;
    const ledger = createLedger(() => time);
    for (const [n, at] of arrivals) {
      time = at;
      ledger.receive(n);
    }
    for (const [since, until] of gaps) ledger.gap({ since, until, cause: new Error('a gap') } satisfies Gap);
    return ledger;
  }
  /** All numbers were sent at the start. */
  const all = (): number => 0;

  it('is balanced if every number arrived once', () => {
    const ledger = ledgerOf([1, 2, 3].map((n) => [n, n]));

    expect(ledger.balance(3, all)).toEqual({ sent: 3, delivered: 3, duplicated: 0, lostInside: 0, lostOutside: 0 });
  });

  it('counts duplicates', () => {
    const ledger = ledgerOf([[1, 10], [2, 20], [1, 30], [2, 40]]); // prettier-ignore

    expect(ledger.balance(2, all)).toMatchObject({ delivered: 2, duplicated: 2, lostOutside: 0 });
  });

  it.each([
    ['between its neighbours', [12, 18]],
    ['around its neighbours', [5, 25]],
    ['up to the previous number', [5, 10]],
    ['from the next number on', [20, 25]],
  ] as [string, [number, number]][])('counts a loss inside a gap that is %s', (_, gap) => {
    const ledger = ledgerOf([[1, 10], [4, 20]], [gap]); // prettier-ignore

    expect(ledger.balance(4, all)).toEqual({ sent: 4, delivered: 2, duplicated: 0, lostInside: 2, lostOutside: 0 });
  });

  it.each([
    ['before the previous number', [1, 9]],
    ['after the next number', [21, 25]],
  ] as [string, [number, number]][])('counts a loss outside of a gap that is %s', (_, gap) => {
    const ledger = ledgerOf([[1, 10], [4, 20]], [gap]); // prettier-ignore

    expect(ledger.balance(4, all)).toMatchObject({ lostInside: 0, lostOutside: 2 });
  });

  it('counts a loss outside of a gap that began much later', () => {
    const ledger = ledgerOf([[1, 1_000], [4, 9_000]], [[3_000, 9_000]]); // prettier-ignore

    const sentAt = (n: number): number => (n === 2 ? 2_000 : 2_600);
    expect(ledger.balance(4, sentAt)).toMatchObject({ lostInside: 1, lostOutside: 1 });
  });

  it('separates losses', () => {
    const ledger = ledgerOf([[1, 10], [3, 20], [5, 30]], [[11, 19]]); // prettier-ignore

    expect(ledger.balance(5, all)).toMatchObject({ sent: 5, delivered: 3, lostInside: 1, lostOutside: 1 });
  });

  it('counts losses at the start and at the end', () => {
    const ledger = ledgerOf([[3, 30]]);

    expect(ledger.balance(5, all)).toMatchObject({ delivered: 1, lostOutside: 4 });
  });

  it('ignores numbers that were not sent or arrived late', () => {
    const ledger = ledgerOf([[1, 10], [4, 20], [2, 30]]); // prettier-ignore

    expect(ledger.balance(4, (n) => (n === 3 ? undefined : 0))).toMatchObject({
      sent: 3,
      delivered: 3,
      lostOutside: 0,
    });
  });

  it('measures the longest silence', () => {
    expect(ledgerOf([[1, 10], [2, 90], [3, 100]]).longestSilence()).toBe(80); // prettier-ignore
  });
});
