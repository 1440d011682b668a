import type { Browser } from 'playwright-core';
import { runCases } from './runCases';
import type { Section } from './section';

/** Opens each section, runs its cases and closes it. Resolves with the numbers of passed and failed cases. */
export async function runSections(
  browser: Browser,
  sections: readonly ((browser: Browser) => Promise<Section>)[],
): Promise<{ passed: number; failed: number }> {
  let [passed, failed] = [0, 0];
  for (const open of sections) {
    const { cases, close } = await open(browser);
    try {
      const counts = await runCases(cases);
      passed += counts.passed;
      failed += counts.failed;
    } finally {
      await close();
    }
  }
  return { passed, failed };
}
