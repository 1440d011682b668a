import type { SoakReport } from './soakReport';

/**
 * @param bytes - the maximum heap growth per round, on average: more than normal growth of the engine, and less than the smallest
 * leak.
 */
export function expectNothingLeft(report: SoakReport | undefined, bytes: number): void {
  const { rounds, before, after } = report!;
  expect(after.resources).toEqual(before.resources);
  expect(after.listeners).toBe(before.listeners);
  expect((after.heap - before.heap) / rounds).toBeLessThan(bytes);
}
