import { type BehaviorSubject, type Observable, Subject } from 'rxjs';
import type { Feed } from '../model/feed';
import type { FeedEntry } from '../model/feedEntry';
import type { Board } from './board';
import { clock } from './clock';
import { el } from './el';
import { tint } from './tint';
import type { RowRenderer } from './virtualList';

/** The rows of the feed. */
export interface FeedRows extends RowRenderer {
  /** The id of the entry whose row was clicked on. */
  readonly clicked$: Observable<number>;
  /** Where the entry of an id is, if it is still there and wanted. */
  indexOf(id: number | undefined): number | undefined;
}

/** What kind of notification it is, for its colour. */
function kindOf(method: string): string {
  if (method === 'notifications/progress') return 'progress';
  if (method === 'notifications/message') return 'message';
  if (method.endsWith('list_changed') || method.endsWith('/updated')) return 'change';
  return 'custom';
}

/** Fills rows with the entries of a feed. */
export function feedRows({ sessions }: Board, feed: Feed, selected$: BehaviorSubject<number | undefined>): FeedRows {
  const clicked$ = new Subject<number>();
  const names = [...sessions.keys()];
  const parts = new WeakMap<HTMLElement, Record<'time' | 'server' | 'method' | 'params', HTMLElement>>();
  const shown = new WeakMap<HTMLElement, FeedEntry>();

  return {
    clicked$,
    create: () => {
      const [time, server, method, params] = [
        el('time', { class: 'time' }),
        el('span', { class: 'badge' }),
        el('span', { class: 'method' }),
        el('span', { class: 'params' }),
      ];
      const row = el('div', { class: 'entry', role: 'option' }, time, server, method, params);
      row.addEventListener('click', () => {
        const entry = shown.get(row);
        if (entry) clicked$.next(entry.id);
      });
      parts.set(row, { time, server, method, params });
      return row;
    },
    fill: (row, index) => {
      const entry = feed.at(index);
      const part = parts.get(row);
      if (!entry || !part) return;
      row.setAttribute('aria-selected', String(entry.id === selected$.value));
      row.setAttribute('aria-posinset', String(index + 1));
      row.setAttribute('aria-setsize', String(feed.size));
      if (shown.get(row) === entry) return;
      shown.set(row, entry);
      row.id = `entry-${entry.id}`;
      row.dataset['kind'] = kindOf(entry.method);
      part.time.textContent = clock(entry.at);
      part.server.textContent = entry.server;
      part.server.dataset['tint'] = tint(names, entry.server);
      part.method.textContent = entry.method;
      part.params.textContent = entry.params;
    },
    indexOf: (id) => {
      if (id === undefined) return undefined;
      // Ids count up: the place is found by halving.
      let [low, high] = [0, feed.size - 1];
      while (low <= high) {
        const middle = (low + high) >> 1;
        const at = feed.at(middle)?.id ?? 0;
        if (at === id) return middle;
        if (at < id) low = middle + 1;
        else high = middle - 1;
      }
      return undefined;
    },
  };
}
