import { type BehaviorSubject, type Observable, Subject } from 'rxjs';
import type { FeedEntry } from '../model/feedEntry';
import type { Board } from './board';
import { byId } from './byId';
import { el } from './el';
import type { FeedSource } from './feedSource';
import { tint } from './tint';
import type { RowRenderer } from './virtualList';

/** Renders the rows of the feed. */
export interface FeedRows extends RowRenderer {
  /** Emits the id of the clicked entry. */
  readonly clicked$: Observable<number>;
  /** Returns the index of an entry, or `undefined` if it was dropped or filtered out. */
  indexOf(id: number | undefined): number | undefined;
}

/** Creates the renderer for the entries of the selected source. */
export function feedRows(
  { sessions }: Board,
  source$: BehaviorSubject<FeedSource>,
  selected$: BehaviorSubject<number | undefined>,
): FeedRows {
  const clicked$ = new Subject<number>();
  const names = [...sessions.keys()];
  // All rows have the width of the longest name.
  const longest = Math.max(...names.map(({ length }) => length));
  byId('feed-list', HTMLElement).style.setProperty('--badge-width', `${Math.min(longest, 16) + 1}ch`);
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
      const what = el('span', { class: 'what' }, method, params);
      const row = el('div', { class: 'entry', role: 'option' }, time, server, what);
      row.addEventListener('click', () => {
        const entry = shown.get(row);
        if (entry) clicked$.next(entry.id);
      });
      parts.set(row, { time, server, method, params });
      return row;
    },
    fill: (row, index) => {
      const { feed, timeOf } = source$.value;
      const entry = feed.at(index);
      const part = parts.get(row);
      if (!entry || !part) return;
      row.setAttribute('aria-selected', String(entry.id === selected$.value));
      row.setAttribute('aria-posinset', String(index + 1));
      row.setAttribute('aria-setsize', String(feed.size));
      if (shown.get(row) === entry) return;
      shown.set(row, entry);
      row.id = `entry-${entry.id}`;
      row.dataset['kind'] = entry.kind;
      part.time.textContent = timeOf(entry.at);
      part.server.textContent = entry.server;
      part.server.dataset['tint'] = row.dataset['tint'] = tint(names, entry.server);
      part.method.textContent = entry.method;
      part.params.textContent = entry.params;
    },
    indexOf: (id) => {
      if (id === undefined) return undefined;
      const { feed } = source$.value;
      // Ids increase, so a binary search finds the index.
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
