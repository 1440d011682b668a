/** The server that a case talks to, as the page can reach it. */
interface PageServer {
  readonly url: string;
  /** Kills it without a word. */
  kill(): Promise<void>;
  /** Starts it again in the same place. */
  start(): Promise<void>;
}

/** What is to hold in a browser: resolves with what was seen, and rejects when it does not hold. */
export type PageCase = (server: PageServer) => Promise<string>;
