/** The operations on a server's process. */
export const controls = ['kill', 'start'] as const;
export type Control = (typeof controls)[number];
