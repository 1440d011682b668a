import { type BehaviorSubject, type Observable, Subject } from 'rxjs';
import type { Feed } from '../model/feed';
import type { FeedEntry } from '../model/feedEntry';
import type { Board } from './board';
import { byId } from './byId';
import { clock } from './clock';
import { el } from './el';
import { tint } from './tint';
import type { RowRenderer } from './virtualList';

/** Renders the rows of the feed. */
export interface FeedRows extends RowRenderer {
  /** Emits the id of the clicked entry. */
  readonly clicked$: Observable<number>;
  /** Index of an entry; `undefined` if it is gone or filtered out. */
  indexOf(id: number | undefined): number | undefined;
}

/** The kind of a notification, for its colour. */
function kindOf(method: string): string {
  if (method === 'notifications/progress') return 'progress';
  if (method === 'notifications/message') return 'message';
  if (method.endsWith('list_changed') || method.endsWith('/updated')) return 'change';
  return 'custom';
}

/** Creates the renderer for the entries of a feed. */
export function feedRows({ sessions }: Board, feed: Feed, selected$: BehaviorSubject<number | undefined>): FeedRows {
  const clicked$ = new Subject<number>();
  const names = [...sessions.keys()];
  // Rows share the width of the longest name.
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
      part.server.dataset['tint'] = row.dataset['tint'] = tint(names, entry.server);
      part.method.textContent = entry.method;
      part.params.textContent = entry.params;
    },
    indexOf: (id) => {
      if (id === undefined) return undefined;
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
