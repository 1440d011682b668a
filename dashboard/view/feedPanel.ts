import {
  animationFrameScheduler,
  auditTime,
  BehaviorSubject,
  combineLatest,
  fromEvent,
  map,
  merge,
  type Observable,
  share,
  skip,
  startWith,
  Subject,
  switchMap,
  tap,
} from 'rxjs';
import type { Feed } from '../model/feed';
import type { FeedFilter } from '../model/feedFilter';
import type { Board } from './board';
import { byId } from './byId';
import { feedRows } from './feedRows';
import { type FeedSource, notificationSource, recordedSource, trafficSource } from './feedSource';
import { serverChips } from './serverChips';
import { virtualList } from './virtualList';

/** The height of a row in pixels. On a narrow screen, the params have their own line. */
const rowHeight = () => (matchMedia('(max-width: 599px)').matches ? 48 : 30);

const texts = {
  Notifications: {
    none: 'No notifications yet.',
    noMatch: 'No notification matches the filter.',
    noneChosen: 'Select a notification to see its params.',
  },
  Traffic: {
    none: 'No messages yet.',
    noMatch: 'No message matches the filter.',
    noneChosen: 'Select a message to see its content.',
  },
};

/** Shows the notifications of all servers, or their raw traffic, with a filter, a pause and a detail view. */
export function feedPanel(board: Board): void {
  const scroller = byId('feed-list', HTMLElement);
  const pauseButton = byId('feed-pause', HTMLButtonElement);
  const newest = byId('feed-newest', HTMLButtonElement);
  const empty = byId('feed-empty', HTMLElement);
  const detail = byId('feed-detail', HTMLElement);

  const live = [notificationSource(board), trafficSource(board)] as const;
  const source$ = new BehaviorSubject<FeedSource>(live[0]);
  const tab$ = tabs();
  combineLatest([tab$, sources(board, live)])
    .pipe(map(([tab, sources]) => sources[tab]))
    .subscribe(source$);
  const selected$ = new BehaviorSubject<number | undefined>(undefined);
  const rows = feedRows(board, source$, selected$);
  const list = virtualList(scroller, rowHeight, rows);

  const filter$ = filters(board);
  const paused$ = new BehaviorSubject(false);
  fromEvent(pauseButton, 'click').subscribe(() => paused$.next(!paused$.value));
  const cleared$ = fromEvent(byId('feed-clear', HTMLElement), 'click');

  // Changes are applied immediately, but the page is drawn at most once per frame.
  const changed$ = source$.pipe(
    switchMap(({ feed, changed$, isLive }) =>
      merge(
        changed$,
        filter$.pipe(tap(({ hidden, method }) => feed.filterBy({ hidden: isLive ? hidden : new Set(), method }))),
        // A recording has its own play and pause button.
        paused$.pipe(tap((isPaused) => (isPaused && isLive ? feed.pause() : feed.resume()))),
        cleared$.pipe(tap(() => feed.clear())),
      ),
    ),
    share(),
  );
  const moved$ = new Subject<void>();

  source$.subscribe(({ name }) => {
    scroller.setAttribute('aria-label', name);
    selected$.next(undefined);
  });
  changed$.pipe(auditTime(0, animationFrameScheduler)).subscribe(() => {
    const { feed, name } = source$.value;
    list.show(feed.size, feed.dropped);
    byId('feed-count', HTMLElement).textContent = countOf(feed);
    pauseButton.textContent = feed.isPaused ? 'Resume' : 'Pause';
    pauseButton.setAttribute('aria-pressed', String(feed.isPaused));
    empty.hidden = feed.size > 0;
    empty.textContent = feed.total > 0 ? texts[name].noMatch : texts[name].none;
    moved$.next();
  });
  source$.subscribe(() => list.toEnd());

  merge(list.atEnd$, moved$.pipe(map(() => list.isAtEnd))).subscribe((isAtEnd) => {
    newest.hidden = isAtEnd;
  });
  fromEvent(newest, 'click').subscribe(() => {
    list.toEnd();
    scroller.focus();
  });

  const select = (index: number): void => {
    const { feed } = source$.value;
    const entry = feed.at(Math.max(0, Math.min(feed.size - 1, index)));
    if (!entry) return;
    selected$.next(entry.id);
    list.reveal(rows.indexOf(entry.id) ?? 0);
  };
  fromEvent<KeyboardEvent>(scroller, 'keydown').subscribe((event) => {
    const { size } = source$.value.feed;
    const at = rows.indexOf(selected$.value);
    const steps: Record<string, number> = {
      ArrowDown: at === undefined ? size - 1 : at + 1,
      ArrowUp: at === undefined ? size - 1 : at - 1,
      PageDown: (at ?? size) + list.page,
      PageUp: (at ?? size) - list.page,
      Home: 0,
      End: size - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      select(to);
    } else if (event.key === 'Escape') selected$.next(undefined);
  });
  rows.clicked$.subscribe((chosen) => selected$.next(chosen === selected$.value ? undefined : chosen));

  selected$.subscribe((chosen) => {
    const { feed, name } = source$.value;
    const index = rows.indexOf(chosen);
    const entry = index === undefined ? undefined : feed.at(index);
    detail.classList.toggle('hint', entry === undefined);
    detail.textContent = entry ? `${entry.method}\n${entry.detail}` : texts[name].noneChosen;
    list.show(feed.size, feed.dropped);
    if (entry && document.getElementById(`entry-${entry.id}`)) {
      scroller.setAttribute('aria-activedescendant', `entry-${entry.id}`);
    } else scroller.removeAttribute('aria-activedescendant');
  });
}

/** Emits the index of the chosen tab: 0 for notifications, 1 for traffic. */
function tabs(): Observable<0 | 1> {
  const buttons = [byId('feed-notifications', HTMLElement), byId('feed-traffic', HTMLElement)] as const;
  const chosen$ = new BehaviorSubject<0 | 1>(0);
  fromEvent(buttons[0], 'click').subscribe(() => chosen$.next(0));
  fromEvent(buttons[1], 'click').subscribe(() => chosen$.next(1));
  chosen$.subscribe((chosen) =>
    buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(index === chosen))),
  );
  return chosen$;
}

type Sources = readonly [notifications: FeedSource, traffic: FeedSource];

/** Emits the sources of the open recording, or the live sources. */
function sources({ player$ }: Board, live: Sources): Observable<Sources> {
  return player$.pipe(
    map((player): Sources => {
      if (!player) return live;
      const closed$ = player$.pipe(skip(1));
      return [
        recordedSource('Notifications', player, ({ notification }) => notification, closed$),
        recordedSource('Traffic', player, ({ traffic }) => traffic, closed$),
      ];
    }),
  );
}

/** Emits the current filter, then each change. */
function filters(board: Board): BehaviorSubject<FeedFilter> {
  const input = byId('feed-filter', HTMLInputElement);
  const filter$ = new BehaviorSubject<FeedFilter>({ hidden: new Set(), method: input.value });
  combineLatest({
    hidden: serverChips(board),
    method: fromEvent(input, 'input').pipe(
      map(() => input.value),
      startWith(input.value),
    ),
  }).subscribe(filter$);
  return filter$;
}

function countOf({ size, total, held, isPaused }: Feed): string {
  const all = total.toLocaleString('en');
  const shown = size === total ? all : `${size.toLocaleString('en')} of ${all}`;
  return isPaused ? `${shown} · ${held.toLocaleString('en')} held` : shown;
}
