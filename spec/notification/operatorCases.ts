import { bothWays } from './bothWays';
import { callbackCases } from './callbackCases';
import { foreignCases } from './foreignCases';
import { marbleCases } from './marbleCases';
import type { OperatorUnderTest } from './operatorUnderTest';

/** Specs that hold for every operator on notifications, on any stream. */
export function operatorCases<R>(underTest: OperatorUnderTest<R>): void {
  describe.each(bothWays)('on $way', (way) => {
    marbleCases(underTest, way);
    callbackCases(underTest, way);
  });

  describe('on a source that is not hot, or that fails', () => {
    foreignCases(underTest);
  });
}
