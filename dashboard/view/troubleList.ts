import { from, map, merge, mergeMap } from 'rxjs';
import { errorTrouble, gapTrouble } from '../model/trouble';
import type { Board } from './board';
import { byId } from './byId';
import { clock } from './clock';
import { troubleRow } from './troubleRow';

/** The maximum number of rows. */
const maxRows = 100;

/** Shows the errors and gaps of all servers, newest first. */
export function troubleList(board: Board): void {
  const list = byId('troubles', HTMLElement);
  const count = byId('troubles-count', HTMLElement);
  const empty = byId('troubles-empty', HTMLElement);
  const troubles$ = from(board.sessions).pipe(
    mergeMap(([server, session]) =>
      merge(
        session.errors$.pipe(map(errorTrouble)),
        session.gaps$.pipe(map(({ since, until, cause }) => gapTrouble(since, until, cause))),
      ).pipe(map((trouble) => ({ server, trouble }))),
    ),
  );
  troubles$.subscribe(({ server, trouble }) => {
    list.prepend(troubleRow(board, server, clock(Date.now()), trouble));
    while (list.childElementCount > maxRows) list.lastElementChild?.remove();
    count.textContent = String(list.childElementCount);
    empty.hidden = true;
  });
}
