import { catchError, defer, firstValueFrom, map, type Observable, race, share, switchMap } from 'rxjs';
import { uriKey } from '../../../notification/uri';
import { assertOptions, isDuration, isUri } from '../../../util/options';
import type { Connection } from '../../connection/connection';
import { onDemand } from '../../connection/onDemand';
import { createLists, type Lists } from './lists';
import type { LiveLists } from './liveLists';
import type { ResourceContents } from './liveResource';
import type { LiveViews, LiveViewsContext } from './liveViews';
import { retryWhileOpen } from './retryWhileOpen';
import { createSharedViews } from './sharedViews';

/** Options for {@link MCPSession.resource$}. */
export interface ResourceOptions {
  /**
   * The interval between reads, in milliseconds, if the server does not support subscriptions or rejects the
   * subscription. Subscribers of the same URI share the first subscriber's interval. Default: no polling, the resource
   * is read once.
   */
  pollInterval?: number | undefined;
}

/**
 * The tools, prompts and resources of a server: fetched once, and as live views. The code of live views is loaded on
 * demand.
 */
export interface ServerFeatures extends LiveLists {
  readonly lists: Lists;
  /** See {@link MCPSession.resource$}. */
  resource$(uri: string, options?: ResourceOptions): Observable<Readonly<ResourceContents>>;
  /** Subscribes to a resource on the server, on the current connection or the next one, and on each one after that. */
  subscribe(uri: string, watcher: unknown): Promise<void>;
  unsubscribe(uri: string, watcher: unknown): void;
  /** Restores the subscriptions on a new connection. Returns `undefined` if no resource was ever subscribed to. */
  restore(connection: Connection): Promise<void> | undefined;
}

const loadedViews$ = onDemand('live views', () => import('./liveViews'));

export function createServerFeatures(context: LiveViewsContext): ServerFeatures {
  const { hub, reconnector, calls, limits } = context;
  const { connections$, usable$, closed$ } = reconnector;
  const lists = createLists(calls);
  const resources = createSharedViews<Readonly<ResourceContents>>();
  let views: LiveViews | undefined;

  // Wait for a connection before loading the code, because a page cannot load code while it is offline.
  const loading$ = loadedViews$.pipe(
    retryWhileOpen({
      usable$: connections$,
      ended$: closed$.pipe(catchError(() => [undefined])),
      report: hub.report,
      scheduler: limits.scheduler,
    }),
    map(({ createLiveViews }) => (views ??= createLiveViews(context, lists))),
    share(),
  );
  const views$ = defer(() => (views ? [views] : loading$));

  return {
    lists,
    tools$: views$.pipe(switchMap(({ tools$ }) => tools$)),
    prompts$: views$.pipe(switchMap(({ prompts$ }) => prompts$)),
    resources$: views$.pipe(switchMap(({ resources$ }) => resources$)),
    resourceTemplates$: views$.pipe(switchMap(({ resourceTemplates$ }) => resourceTemplates$)),
    resource$(uri, options = {}) {
      isUri(uri, 'uri');
      const { pollInterval } = { ...options };
      return resources.open$(`${String(pollInterval)} ${uriKey(uri)}`, () =>
        defer(() => {
          assertOptions(options, { pollInterval: isDuration() });
          return views$.pipe(switchMap(({ watchResource$ }) => watchResource$(uri, pollInterval)));
        }),
      );
    },
    async subscribe(uri, watcher) {
      const connection = await firstValueFrom(usable$);
      const { subscriptions } = await firstValueFrom(race(closed$, views$));
      await subscriptions.acquire(connection, uri, watcher);
    },
    unsubscribe: (uri, watcher) => views?.subscriptions.release(uri, watcher),
    restore: (connection) => views?.subscriptions.restore(connection),
  };
}
