import type { DemoFact } from './facts';

/** The totals of a run. */
export interface Summary {
  /** The number of notifications. */
  readonly received: number;
  readonly byMethod: Readonly<Record<string, number>>;
  readonly reconnections: number;
  readonly gaps: number;
  readonly errors: number;
}

export const emptySummary: Summary = { received: 0, byMethod: {}, reconnections: 0, gaps: 0, errors: 0 };

/** Adds a fact to the summary. A reducer. */
export function count(summary: Summary, fact: DemoFact): Summary {
  switch (fact.type) {
    case 'notification': {
      const { received, byMethod } = summary;
      const before = byMethod[fact.method] ?? 0;
      return { ...summary, received: received + 1, byMethod: { ...byMethod, [fact.method]: before + 1 } };
    }
    case 'reconnected':
      return { ...summary, reconnections: summary.reconnections + 1 };
    case 'gap':
      return { ...summary, gaps: summary.gaps + 1 };
    case 'error':
      return { ...summary, errors: summary.errors + 1 };
    default:
      return summary;
  }
}
