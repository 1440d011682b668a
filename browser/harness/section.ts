import type { BrowserCase } from './browserCase';

/** Cases that share servers and a page. */
export interface Section {
  readonly cases: readonly BrowserCase[];
  /** Closes the shared servers and page. */
  close(): Promise<void>;
}
