import { from, map, merge, mergeMap } from 'rxjs';
import { cut, readable } from '../model/text';
import { badge } from './badge';
import type { Board } from './board';
import { byId } from './byId';
import { clock } from './clock';
import { el } from './el';

/** The maximum number of rows. */
const maxRows = 100;
const maxTextLength = 400;

/** Shows the errors and gaps of all servers, newest first. */
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
            const message = `notifications of ${((until - since) / 1000).toFixed(1)} s may have been missed: ${readable(cause.message)}`;
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
      el(
        'li',
        { class: 'trouble', 'data-kind': kind },
        head,
        el('p', { class: 'said' }, cut(readable(message), maxTextLength)),
      ),
    );
    while (list.childElementCount > maxRows) list.lastElementChild?.remove();
    count.textContent = String(list.childElementCount);
    empty.hidden = true;
  });
}
