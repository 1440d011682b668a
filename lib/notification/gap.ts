/** A stretch of time in which notifications may have been missed. */
export interface Gap {
  /** When the server was last surely heard, in milliseconds since the epoch. */
  since: number;
  /** When it was heard again, in milliseconds since the epoch. */
  until: number;
  /** Why it was not heard in between. */
  cause: Error;
}
