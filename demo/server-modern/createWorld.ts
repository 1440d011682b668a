import type { World } from './world';

/** A world as it begins. */
export const createWorld = (): World => ({
  tools: new Set(),
  resources: new Set(['memo://readme', 'memo://counter', 'memo://today']),
  prompts: new Set(['greet']),
  revisions: new Map(),
});
