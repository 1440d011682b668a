/** The periods in which a server was unreachable. Overlapping periods count once. All times are in milliseconds. */
export interface Outages {
  /** Begins an outage. Returns a function that ends it; only the first call counts. */
  begin(): () => void;
  /** Adds a completed outage. */
  add(from: number, to: number): void;
  /** Returns the total duration up to now. */
  total(): number;
  /** Returns the time since the last outage ended, or since `lostAt` if that is later. Returns `undefined` during an outage. */
  reachableFor(lostAt: number): number | undefined;
}

/**
 * Creates an empty record.
 *
 * @param shared - outages to include.
 */
export function createOutages(
  shared?: Outages & { readonly spans: readonly Span[] },
  now = performance.now.bind(performance),
) {
  const own: Span[] = [];
  const all = (): Span[] => [...own, ...(shared?.spans ?? [])];

  const outages: Outages & { readonly spans: readonly Span[] } = {
    spans: own,
    begin() {
      const span: Span = { from: now(), to: Infinity };
      own.push(span);
      return () => {
        span.to = Math.min(span.to, now());
      };
    },
    add: (from, to) => void own.push({ from, to }),
    total() {
      let total = 0;
      let reached = -Infinity;
      for (const { from, to } of all().sort((one, other) => one.from - other.from)) {
        const end = Math.min(to, now());
        total += Math.max(0, end - Math.max(from, reached));
        reached = Math.max(reached, end);
      }
      return total;
    },
    reachableFor(lostAt) {
      const spans = all();
      if (spans.some(({ from, to }) => from <= now() && to > now())) return undefined;
      return now() - Math.max(lostAt, ...spans.map(({ to }) => to));
    },
  };
  return outages;
}

interface Span {
  from: number;
  to: number;
}
