import type { Board } from './board';
import { badge } from './badge';

/** Says in each panel that is about one server which one that is. */
export function targets(board: Board): void {
  board.chosen$.subscribe((name) => {
    for (const place of document.querySelectorAll('[data-target]')) place.replaceChildren(badge(board, name));
  });
}
