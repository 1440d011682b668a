/** Narrows and adorns a faulty answer. */
export interface FaultAnswerOptions {
  /** How many requests it is for; all, until it is taken back, by default. */
  times?: number;
  /** Only requests that carry this JSON-RPC method. */
  method?: string;
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number;
  /** Sent along with the answer. */
  headers?: Record<string, string>;
}
