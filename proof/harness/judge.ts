import { expectedFailures } from '../expectedFailures';
import { NothingChecked } from './nothingChecked';
import type { Outcome } from './outcome';
import type { ProofCase } from './proofCase';
import { within } from './within';

/** Runs a case, within its time, and says what became of it. */
export async function judge(
  section: string,
  { name, seconds, run }: ProofCase,
  expectations = expectedFailures,
): Promise<Outcome> {
  const expected = expectations[`${section}: ${name}`];
  try {
    const seen = await within(seconds, run());
    const detail = typeof seen === 'string' ? seen : '';
    return expected === undefined
      ? { section, name, verdict: 'passed', detail }
      : {
          section,
          name,
          verdict: 'failed',
          detail: `passed, but is listed as an expected failure (${expected.reason})`,
        };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (error instanceof NothingChecked) return { section, name, verdict: 'empty', detail };
    return expected?.said.test(detail)
      ? { section, name, verdict: 'expected', detail: expected.reason }
      : { section, name, verdict: 'failed', detail };
  }
}
