import type { Trouble } from '../model/trouble';
import { badge } from './badge';
import type { Board } from './board';
import { el } from './el';

/** Creates a row for a list of errors and gaps. */
export const troubleRow = (board: Board, server: string, time: string, { kind, name, text }: Trouble): HTMLElement =>
  el(
    'li',
    { class: 'trouble', 'data-kind': kind },
    el('p', {}, el('time', { class: 'time' }, time), badge(board, server), el('strong', {}, name)),
    el('p', { class: 'said' }, text),
  );
