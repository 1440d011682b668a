import { within } from './processes';

/** A known failure. A case that passes in spite of it counts as failed, so that the entry is removed. */
export interface ExpectedFailure {
  /** Why this library is right to fail here. */
  readonly reason: string;
  /** Pattern of the error. Any other error counts as a failure. */
  readonly message: RegExp;
}

/** A case of the proof. */
export interface ProofCase {
  readonly name: string;
  /** Timeout in seconds. */
  readonly seconds: number;
  /** If `true`, no other case runs at the same time, because this one measures time. Default `false`. */
  readonly alone?: boolean;
  /** If `true`, `--quick` skips the case. Default `false`. */
  readonly slow?: boolean;
  /** Set for a known failure. */
  readonly expected?: ExpectedFailure;
  /** Resolves if the case holds, with a short text for the report. Rejects otherwise. */
  run(): Promise<unknown>;
}

/** The outcome of a case. */
export interface Outcome {
  section: string;
  name: string;
  /** `expected`: a known failure, which is listed with its reason. `empty`: the case had nothing to check. */
  verdict: 'passed' | 'failed' | 'expected' | 'empty';
  /** The observation, or the error. */
  detail: string;
}

/** Thrown by a case that ended without a check. */
export class NothingChecked extends Error {}

/** Runs a case within its timeout. Resolves with its outcome. */
export async function runCase(section: string, { name, seconds, run, expected }: ProofCase): Promise<Outcome> {
  try {
    const observed = await within(seconds, run());
    const detail = typeof observed === 'string' ? observed : '';
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
    return expected?.message.test(detail)
      ? { section, name, verdict: 'expected', detail: expected.reason }
      : { section, name, verdict: 'failed', detail };
  }
}
