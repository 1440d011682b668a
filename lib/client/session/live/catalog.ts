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

/** The lists and resources of a session's server, both fetched and live. */
export interface Catalog {
  readonly lists: Lists;
  readonly views: LiveLists;
  readonly watchResource$: WatchResource;
  readonly subscriptions: ResourceSubscriptions;
}

/** Dependencies of {@link createCatalog}. */
export interface CatalogContext {
  hub: Hub;
  reconnector: Reconnector;
  calls: Calls;
  limits: CallLimits;
}

/** Creates a {@link Catalog}. */
export function createCatalog({ hub, reconnector, calls, limits }: CatalogContext): Catalog {
  const { notifications$, gaps$, report } = hub;
  const { connections$, usable$, closed$ } = reconnector;
  const ended$ = closed$.pipe(catchError(() => of(undefined)));
  const warned = new Set<string>();
  const warnOnce = (warning: MCPError): void => {
    if (warned.has(warning.message)) return;
    warned.add(warning.message);
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
    views: createLiveLists(lists, context),
    watchResource$: createWatchResource({
      ...context,
      subscriptions,
      read$: (uri) => calls.result$({ method: 'resources/read', params: { uri } }),
    }),
    subscriptions,
  };
}
