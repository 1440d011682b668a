/** One thing that is to be proved. */
export interface ProofCase {
  readonly name: string;
  /** How long it may take; after that it has failed. */
  readonly seconds: number;
  /** Whether nothing else may run meanwhile, because it measures time. */
  readonly alone?: boolean;
  /** Resolves when it holds, with what was seen if that is worth saying; rejects when it does not hold. */
  run(): Promise<unknown>;
}
