/** What became of the numbers that were sent to one session, or to many. */
export interface Balance {
  sent: number;
  delivered: number;
  /** Came more than once. */
  duplicated: number;
  /** Did not come, at a time for which a gap was told. */
  lostInside: number;
  /** Did not come, and no gap was told. */
  lostOutside: number;
}
