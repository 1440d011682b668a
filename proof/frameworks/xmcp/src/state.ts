/** A resource that changes, and counts of calls that wait. */
export const state = { revision: 0, started: 0, cancelled: 0 };
