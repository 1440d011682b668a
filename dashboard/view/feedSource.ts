import { from, map, mergeMap, type Observable, Subject, takeUntil } from 'rxjs';
import { createFeed, type Feed } from '../model/feed';
import { type FeedEntry, feedEntry } from '../model/feedEntry';
import { trafficEntries } from '../model/trafficEntry';
import { elapsed } from '../model/elapsed';
import type { RecordedStep } from '../model/openedRecording';
import type { Player } from '../model/player';
import type { Board } from './board';
import { clock } from './clock';

/** A feed that the panel can show. */
export interface FeedSource {
  readonly name: 'Notifications' | 'Traffic';
  readonly isLive: boolean;
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

/** Creates the source of the recorded entries up to the position of the player. Ends with `closed$`. */
export function recordedSource(
  name: FeedSource['name'],
  { replayed$ }: Player,
  entryOf: (step: RecordedStep) => FeedEntry | undefined,
  closed$: Observable<unknown>,
): FeedSource {
  const feed = createFeed(capacity);
  const changed$ = new Subject<void>();
  replayed$.pipe(takeUntil(closed$)).subscribe(({ rewound, steps }) => {
    if (rewound) feed.clear();
    for (const step of steps) {
      const entry = entryOf(step);
      if (entry) feed.append(entry);
    }
    changed$.next();
  });
  return { name, isLive: false, feed, changed$, timeOf: elapsed };
}

function sourceOf(name: FeedSource['name'], entries$: Observable<FeedEntry>): FeedSource {
  const feed = createFeed(capacity);
  const changed$ = new Subject<void>();
  entries$.subscribe((entry) => {
    feed.append(entry);
    changed$.next();
  });
  return { name, isLive: true, feed, changed$, timeOf: clock };
}
