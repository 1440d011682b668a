import type { Usage } from './usage';

/** What a process held on to before and after it did something many times. */
export interface SoakReport {
  /** What it did. */
  name: string;
  /** How many times. */
  rounds: number;
  before: Usage;
  after: Usage;
}
