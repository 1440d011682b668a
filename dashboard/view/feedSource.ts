import { from, map, mergeMap, type Observable, Subject } from 'rxjs';
import { createFeed, type Feed } from '../model/feed';
import { type FeedEntry, feedEntry } from '../model/feedEntry';
import { trafficEntries } from '../model/trafficEntry';
import type { Board } from './board';
import { clock } from './clock';

/** A feed that the panel can show. */
export interface FeedSource {
  readonly name: 'Notifications' | 'Traffic';
  readonly feed: Feed;
  /** Emits after the feed has changed. Hot. */
  readonly changed$: Observable<unknown>;
  /** Formats the time of an entry. */
  readonly timeOf: (at: number) => string;
}

/** The number of entries that each feed keeps. */
const capacity = 10_000;

/** Creates the source of notifications of all servers, from now on. */
export function notificationSource({ client }: Board): FeedSource {
  let id = 0;
  const entries$ = client.notifications$.pipe(map((event) => feedEntry((id += 1), Date.now(), event)));
  return sourceOf('Notifications', entries$);
}

/**
 * Creates the source of JSON-RPC messages of all servers in both directions, and of changes of their connections, from now on.
 */
export function trafficSource({ sessions }: Board): FeedSource {
  let id = 0;
  const entries$ = from(sessions).pipe(
    mergeMap(([server, session]) => {
      const entryOf = trafficEntries(server);
      return session.wire$.pipe(map((event) => entryOf((id += 1), event)));
    }),
  );
  return sourceOf('Traffic', entries$);
}

function sourceOf(name: FeedSource['name'], entries$: Observable<FeedEntry>): FeedSource {
  const feed = createFeed(capacity);
  const changed$ = new Subject<void>();
  entries$.subscribe((entry) => {
    feed.append(entry);
    changed$.next();
  });
  return { name, feed, changed$, timeOf: clock };
}
