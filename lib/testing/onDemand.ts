/**
 * Resolves when the code that sessions load on demand is loaded. Loading takes real time, which a virtual clock does not
 * wait for.
 */
export const loadedOnDemand: Promise<unknown> = Promise.allSettled([
  import('../client/guest'),
  import('../client/http/followRedirects'),
  import('../client/rpc/outputValidation'),
  import('../client/session/followTask'),
  import('../client/session/live/liveViews'),
  import('../client/session/restoreLevel'),
  import('../client/session/toolOutput'),
  import('../client/wire/http/httpWithSse'),
]);
