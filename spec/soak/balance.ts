/** Totals for the numbers that were sent to one or several sessions. */
export interface Balance {
  sent: number;
  delivered: number;
  /** Received more than once. */
  duplicated: number;
  /** Not received, at a time within a reported gap. */
  lostInside: number;
  /** Not received, outside of all reported gaps. */
  lostOutside: number;
}
