import { from, map, merge, mergeMap } from 'rxjs';
import { cut } from '../model/cut';
import { badge } from './badge';
import type { Board } from './board';
import { byId } from './byId';
import { clock } from './clock';
import { el } from './el';

/** How many are shown. */
const most = 100;
const longest = 400;

/** The faults of all servers, and the gaps, the newest first. */
export function troubleList(board: Board): void {
  const list = byId('troubles', HTMLElement);
  const count = byId('troubles-count', HTMLElement);
  const empty = byId('troubles-empty', HTMLElement);
  const troubles$ = from(board.sessions).pipe(
    mergeMap(([server, session]) =>
      merge(
        session.errors$.pipe(map(({ name, message }) => ({ server, kind: 'error', name, message }))),
        session.gaps$.pipe(
          map(({ since, until, cause }) => {
            const message = `${((until - since) / 1000).toFixed(1)} s in which something may have been missed: ${cause.message}`;
            return { server, kind: 'gap', name: 'Gap', message };
          }),
        ),
      ),
    ),
  );
  troubles$.subscribe(({ server, kind, name, message }) => {
    const head = el(
      'p',
      {},
      el('time', { class: 'time' }, clock(Date.now())),
      badge(board, server),
      el('strong', {}, name),
    );
    list.prepend(
      el('li', { class: 'trouble', 'data-kind': kind }, head, el('p', { class: 'said' }, cut(message, longest))),
    );
    while (list.childElementCount > most) list.lastElementChild?.remove();
    count.textContent = String(list.childElementCount);
    empty.hidden = true;
  });
}
