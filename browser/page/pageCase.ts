/** The server of a case, as the page can reach it. */
interface PageServer {
  readonly url: string;
  /** Kills the server immediately. */
  kill(): Promise<void>;
  /** Starts the server again on the same port. */
  start(): Promise<void>;
}

/** A case that runs in a page. Resolves with an observation if the case holds, and rejects otherwise. */
export type PageCase = (server: PageServer) => Promise<string>;
