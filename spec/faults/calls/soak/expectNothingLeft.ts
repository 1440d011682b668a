import type { SoakReport } from './soakReport';

/** @param bytes - of heap that a round may cost, on average: what engines grow by is less, the least that can leak more. */
export function expectNothingLeft(report: SoakReport | undefined, bytes: number): void {
  const { rounds, before, after } = report!;
  expect(after.resources).toEqual(before.resources);
  expect(after.listeners).toBe(before.listeners);
  expect((after.heap - before.heap) / rounds).toBeLessThan(bytes);
}
