import { catchError, of } from 'rxjs';
import type { MCPError } from '../../../errors';
import type { Hub } from '../../../notification/hub';
import type { CallLimits } from '../callLimits';
import type { Calls } from '../calls';
import { createLists, type Lists } from './lists';
import { createWatchResource, type WatchResource } from './liveResource';
import type { Reconnector } from '../reconnector';
import { createResourceSubscriptions, type ResourceSubscriptions } from './resourceSubscriptions';
import { createLiveLists, type LiveLists } from './liveLists';

/** The tools, prompts and resources of a server: fetched once, and as live views. */
export interface ServerFeatures {
  readonly lists: Lists;
  readonly liveLists: LiveLists;
  readonly watchResource$: WatchResource;
  readonly subscriptions: ResourceSubscriptions;
}

/** Dependencies of {@link createServerFeatures}. */
export interface ServerFeaturesContext {
  hub: Hub;
  reconnector: Reconnector;
  calls: Calls;
  limits: CallLimits;
}

/** Creates the {@link ServerFeatures} of a session. */
export function createServerFeatures({ hub, reconnector, calls, limits }: ServerFeaturesContext): ServerFeatures {
  const { notifications$, gaps$, report } = hub;
  const { connections$, usable$, closed$ } = reconnector;
  const ended$ = closed$.pipe(catchError(() => of(undefined)));
  const reportedWarnings = new Set<string>();
  const warnOnce = (warning: MCPError): void => {
    if (reportedWarnings.has(warning.message)) return;
    reportedWarnings.add(warning.message);
    report(warning);
  };
  const context = {
    notifications$,
    connections$,
    usable$,
    gaps$,
    ended$,
    report,
    warnOnce,
    scheduler: limits.scheduler,
  };
  const lists = createLists(calls);
  const subscriptions = createResourceSubscriptions(limits, calls.withMeta);
  return {
    lists,
    liveLists: createLiveLists(lists, context),
    watchResource$: createWatchResource({
      ...context,
      subscriptions,
      read$: (uri) => calls.result$({ method: 'resources/read', params: { uri } }),
    }),
    subscriptions,
  };
}
