import type { Usage } from './usage';

/** The resources of a process before and after many rounds. */
export interface SoakReport {
  /** The name of the soak. */
  name: string;
  /** The number of rounds. */
  rounds: number;
  before: Usage;
  after: Usage;
}
