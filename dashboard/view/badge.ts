import type { Board } from './board';
import { el } from './el';
import { tint } from './tint';

/** Creates the name of a server, in its colour. */
export const badge = ({ sessions }: Board, server: string): HTMLElement =>
  el('span', { class: 'badge', 'data-tint': tint([...sessions.keys()], server) }, server);
