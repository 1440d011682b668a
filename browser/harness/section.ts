import type { BrowserCase } from './browserCase';

/** Cases that share servers and a page. */
export interface Section {
  readonly cases: readonly BrowserCase[];
  /** Ends what they shared. */
  close(): Promise<void>;
}
