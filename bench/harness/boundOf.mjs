import { short } from './short.mjs';

/** What a figure has to be, in words. */
export function boundOf({ atMost, atLeast, never }) {
  if (never) return 'never';
  if (atMost !== undefined) return `≤ ${short(atMost)}`;
  return atLeast === undefined ? '' : `≥ ${short(atLeast)}`;
}
