/** A case that runs in a browser. */
export interface BrowserCase {
  readonly name: string;
  /** Resolves if the case holds, with an observation if it is worth printing. Rejects otherwise. */
  run(): Promise<string | undefined>;
}
