/** One thing that is to hold in a browser. */
export interface BrowserCase {
  readonly name: string;
  /** Resolves when it holds, with what was seen if that is worth saying; rejects when it does not hold. */
  run(): Promise<string | undefined>;
}
