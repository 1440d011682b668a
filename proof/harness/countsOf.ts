import type { Outcome } from './outcome';

/** How many passed and failed. What is expected to fail, and what checked nothing, is neither. */
export function countsOf(outcomes: readonly Outcome[]): string {
  const count = (verdict: Outcome['verdict']): number => outcomes.filter((each) => each.verdict === verdict).length;
  return `${count('passed')} passed, ${count('failed')} failed`;
}
