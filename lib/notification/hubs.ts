import type { Hub } from './hub';

/** The hub that a stream comes straight from, for a session's own `notifications$`. */
export const hubs = new WeakMap<object, Hub>();
