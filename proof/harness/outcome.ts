/** What became of a case. */
export interface Outcome {
  section: string;
  name: string;
  /** `expected`: it failed, and is known to, for a reason that is written down; `empty`: there was nothing to check. */
  verdict: 'passed' | 'failed' | 'expected' | 'empty';
  /** What was seen, or what went wrong. */
  detail: string;
}
