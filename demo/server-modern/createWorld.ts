import type { World } from './world';

/** Creates the initial world. */
export const createWorld = (): World => ({
  tools: new Set(),
  resources: new Set(['memo://readme', 'memo://counter', 'memo://today']),
  prompts: new Set(['greet']),
  revisions: new Map(),
});
