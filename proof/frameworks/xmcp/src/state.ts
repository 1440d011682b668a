/** The state of a resource that changes, and the numbers of waiting calls. */
export const state = { revision: 0, started: 0, cancelled: 0 };
