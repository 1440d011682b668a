import { defer, firstValueFrom, timeout } from 'rxjs';
import type { BrowserCase } from './browserCase';

/** How long a case may take, in milliseconds. */
const patience = 30_000;

/** Runs cases one after another, tells of each in a line, and resolves with how many passed and failed. */
export async function runCases(cases: readonly BrowserCase[]): Promise<{ passed: number; failed: number }> {
  let passed = 0;
  for (const { name, run } of cases) {
    try {
      const seen = await firstValueFrom(defer(run).pipe(timeout(patience)));
      console.log(`passed  ${name}${seen === undefined ? '' : `  (${seen})`}`);
      passed += 1;
    } catch (error) {
      console.log(`failed  ${name}  (${reasonOf(error)})`);
    }
  }
  return { passed, failed: cases.length - passed };
}

/** In one line: what follows is where in a bundle it was thrown. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}
