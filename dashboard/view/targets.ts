import type { Board } from './board';
import { badge } from './badge';

/** Shows the name of the selected server in each panel that depends on it. */
export function targets(board: Board): void {
  board.chosen$.subscribe((name) => {
    for (const place of document.querySelectorAll('[data-target]')) place.replaceChildren(badge(board, name));
  });
}
