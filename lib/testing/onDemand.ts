/**
 * Resolves when the code that sessions load on demand is loaded. Loading takes real time, which a virtual clock does not
 * wait for.
 */
export const loadedOnDemand: Promise<unknown> = Promise.allSettled([
  import('../client/session/live/liveViews'),
  import('../client/onDemand/outputs'),
  import('../client/onDemand/rareFeatures'),
]);
