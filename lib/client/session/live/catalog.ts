import { catchError, of } from 'rxjs';
import type { Hub } from '../../../notification/hub';
import type { Bounds } from '../callLimits';
import type { Calls } from '../calls';
import { createLists, type Lists } from './lists';
import { createWatchResource, type WatchResource } from './liveResource';
import type { SessionLink } from '../reconnector';
import { createSubscriptions, type Subscriptions } from './resourceSubscriptions';
import { createViews, type Views } from './liveLists';

/** What a session shows of its server: its lists and its resources, as they are when asked for, and live. */
export interface Catalog {
  readonly lists: Lists;
  readonly views: Views;
  readonly watchResource$: WatchResource;
  readonly subscriptions: Subscriptions;
}

/** What a catalog needs of its session. */
export interface CatalogContext {
  hub: Hub;
  link: SessionLink;
  calls: Calls;
  bounds: Bounds;
}

/** See {@link Catalog}. */
export function createCatalog({ hub, link, calls, bounds }: CatalogContext): Catalog {
  const { notifications$, gaps$, report } = hub;
  const { connections$, live$, closed$ } = link;
  const ended$ = closed$.pipe(catchError(() => of(undefined)));
  const context = { notifications$, connections$, live$, gaps$, ended$, report, scheduler: bounds.scheduler };
  const lists = createLists(calls);
  const subscriptions = createSubscriptions(bounds);
  return {
    lists,
    views: createViews(lists, context),
    watchResource$: createWatchResource({
      ...context,
      subscriptions,
      read$: (uri) => calls.request$({ method: 'resources/read', params: { uri } }),
    }),
    subscriptions,
  };
}
