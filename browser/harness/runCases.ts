import { defer, firstValueFrom, timeout } from 'rxjs';
import type { BrowserCase } from './browserCase';

/** The timeout of a case, in milliseconds. */
const caseTimeoutMs = 30_000;

/** Runs cases one after the other and prints a line for each. Resolves with the numbers of passed and failed cases. */
export async function runCases(cases: readonly BrowserCase[]): Promise<{ passed: number; failed: number }> {
  let passed = 0;
  for (const { name, run } of cases) {
    try {
      const seen = await firstValueFrom(defer(run).pipe(timeout(caseTimeoutMs)));
      console.log(`passed  ${name}${seen === undefined ? '' : `  (${seen})`}`);
      passed += 1;
    } catch (error) {
      console.log(`failed  ${name}  (${reasonOf(error)})`);
    }
  }
  return { passed, failed: cases.length - passed };
}

/** Returns the first line of a reason. The other lines are positions in a bundle. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}
