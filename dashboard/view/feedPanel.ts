import {
  animationFrameScheduler,
  auditTime,
  BehaviorSubject,
  combineLatest,
  fromEvent,
  map,
  merge,
  scan,
  share,
  startWith,
  Subject,
} from 'rxjs';
import { createFeed, type Feed } from '../model/feed';
import { feedEntry } from '../model/feedEntry';
import type { Board } from './board';
import { byId } from './byId';
import { feedRows } from './feedRows';
import { serverChips } from './serverChips';
import { virtualList } from './virtualList';

/** Notifications that the feed keeps. */
const capacity = 10_000;
/** Pixels per row. On a narrow screen, the params have a line of their own. */
const rowHeight = () => (matchMedia('(max-width: 599px)').matches ? 48 : 30);
const noneChosen = 'Select a notification to see its params.';

/** The notifications of all servers: filter, pause, select one to see its params. */
export function feedPanel(board: Board): void {
  const scroller = byId('feed-list', HTMLElement);
  const filterInput = byId('feed-filter', HTMLInputElement);
  const pauseButton = byId('feed-pause', HTMLButtonElement);
  const newest = byId('feed-newest', HTMLButtonElement);
  const empty = byId('feed-empty', HTMLElement);
  const detail = byId('feed-detail', HTMLElement);

  const feed = createFeed(capacity);
  const selected$ = new BehaviorSubject<number | undefined>(undefined);
  const rows = feedRows(board, feed, selected$);
  const list = virtualList(scroller, rowHeight, rows);

  let id = 0;
  const arrivals$ = board.client.notifications$.pipe(
    map((event) => {
      const entry = feedEntry((id += 1), Date.now(), event);
      return (to: Feed) => to.append(entry);
    }),
  );
  const filters$ = combineLatest({
    hidden: serverChips(board),
    method: fromEvent(filterInput, 'input').pipe(
      map(() => filterInput.value),
      startWith(filterInput.value),
    ),
  }).pipe(map((filter) => (to: Feed) => to.filterBy(filter)));
  const pauses$ = fromEvent(pauseButton, 'click').pipe(
    map(() => (to: Feed) => (to.isPaused ? to.resume() : to.pause())),
  );
  const clears$ = fromEvent(byId('feed-clear', HTMLElement), 'click').pipe(map(() => (to: Feed) => to.clear()));

  // Changes apply at once; the page is drawn at most once per frame.
  const changed$ = merge(arrivals$, filters$, pauses$, clears$).pipe(
    scan((to, change) => {
      change(to);
      return to;
    }, feed),
    share(),
  );
  const moved$ = new Subject<void>();

  changed$.pipe(auditTime(0, animationFrameScheduler)).subscribe(() => {
    list.show(feed.size, feed.gone);
    byId('feed-count', HTMLElement).textContent = countOf(feed);
    pauseButton.textContent = feed.isPaused ? 'Resume' : 'Pause';
    pauseButton.setAttribute('aria-pressed', String(feed.isPaused));
    empty.hidden = feed.size > 0;
    empty.textContent = feed.total > 0 ? 'No notification matches the filter.' : 'No notifications yet.';
    moved$.next();
  });

  merge(list.atEnd$, moved$.pipe(map(() => list.isAtEnd))).subscribe((isAtEnd) => {
    newest.hidden = isAtEnd;
  });
  fromEvent(newest, 'click').subscribe(() => {
    list.toEnd();
    scroller.focus();
  });

  const select = (index: number): void => {
    const entry = feed.at(Math.max(0, Math.min(feed.size - 1, index)));
    if (!entry) return;
    selected$.next(entry.id);
    list.reveal(rows.indexOf(entry.id) ?? 0);
  };
  fromEvent<KeyboardEvent>(scroller, 'keydown').subscribe((event) => {
    const at = rows.indexOf(selected$.value);
    const steps: Record<string, number> = {
      ArrowDown: at === undefined ? feed.size - 1 : at + 1,
      ArrowUp: at === undefined ? feed.size - 1 : at - 1,
      PageDown: (at ?? feed.size) + list.page,
      PageUp: (at ?? feed.size) - list.page,
      Home: 0,
      End: feed.size - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      select(to);
    } else if (event.key === 'Escape') selected$.next(undefined);
  });
  rows.clicked$.subscribe((chosen) => selected$.next(chosen === selected$.value ? undefined : chosen));

  selected$.subscribe((chosen) => {
    const index = rows.indexOf(chosen);
    const entry = index === undefined ? undefined : feed.at(index);
    detail.classList.toggle('hint', entry === undefined);
    detail.textContent = entry ? `${entry.method}\n${entry.detail}` : noneChosen;
    list.show(feed.size, feed.gone);
    if (entry && document.getElementById(`entry-${entry.id}`)) {
      scroller.setAttribute('aria-activedescendant', `entry-${entry.id}`);
    } else scroller.removeAttribute('aria-activedescendant');
  });
}

function countOf({ size, total, held, isPaused }: Feed): string {
  const all = total.toLocaleString('en');
  const shown = size === total ? all : `${size.toLocaleString('en')} of ${all}`;
  return isPaused ? `${shown} · ${held.toLocaleString('en')} held` : shown;
}
