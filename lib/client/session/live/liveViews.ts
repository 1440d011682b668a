import { catchError, of } from 'rxjs';
import type { MCPError } from '../../../errors';
import type { Hub } from '../../../notification/hub';
import type { CallLimits } from '../callLimits';
import type { Calls } from '../calls';
import type { Reconnector } from '../reconnector';
import type { Lists } from './lists';
import { createLiveLists, type LiveLists } from './liveLists';
import { createWatchResource, type WatchResource } from './liveResource';
import { createResourceSubscriptions, type ResourceSubscriptions } from './resourceSubscriptions';

/** The live lists and resources of a session's server. */
export interface LiveViews extends LiveLists {
  readonly watchResource$: WatchResource;
  readonly subscriptions: ResourceSubscriptions;
}

export interface LiveViewsContext {
  hub: Hub;
  reconnector: Reconnector;
  calls: Calls;
  limits: CallLimits;
}

export function createLiveViews({ hub, reconnector, calls, limits }: LiveViewsContext, lists: Lists): LiveViews {
  const { notifications$, gaps$, report } = hub;
  const { connections$, usable$, closed$ } = reconnector;
  const reportedWarnings = new Set<string>();
  const context = {
    notifications$,
    connections$,
    usable$,
    gaps$,
    ended$: closed$.pipe(catchError(() => of(undefined))),
    report,
    warnOnce(warning: MCPError) {
      if (reportedWarnings.has(warning.message)) return;
      reportedWarnings.add(warning.message);
      report(warning);
    },
    scheduler: limits.scheduler,
  };
  const subscriptions = createResourceSubscriptions(limits, calls.withMeta);
  return {
    ...createLiveLists(lists, context),
    watchResource$: createWatchResource({
      ...context,
      subscriptions,
      read$: (uri) => calls.result$({ method: 'resources/read', params: { uri } }),
    }),
    subscriptions,
  };
}
