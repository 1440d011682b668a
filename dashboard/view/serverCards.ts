import type { MCPSession } from 'rx-mcp';
import {
  bufferTime,
  exhaustMap,
  filter,
  fromEvent,
  interval,
  map,
  type Observable,
  of,
  startWith,
  switchMap,
  takeWhile,
} from 'rxjs';
import { phaseOf } from '../model/phase';
import { type StatusText, statusText } from '../model/statusText';
import { readable } from '../model/text';
import type { Control } from '../serve/controls';
import type { Board } from './board';
import { byId } from './byId';
import { el } from './el';
import { tint } from './tint';

/** Shows a card per server with its status, which selects the server, kills its process, and starts it. */
export function serverCards(board: Board): void {
  byId('servers', HTMLElement).append(...[...board.sessions].map(([name, session]) => card(board, name, session)));
}

function card({ sessions, chosen$ }: Board, name: string, session: MCPSession): HTMLElement {
  const id = `server-${name}`;
  const radio = el('input', { type: 'radio', name: 'server', id, value: name, 'aria-describedby': `${id}-status` });
  const title = el('strong');
  const detail = el('span');
  const rate = el('span', { class: 'rate' });
  const error = el('p', { class: 'error' });
  const failed = (): void => {
    error.textContent = 'The dashboard process does not respond.';
  };
  const actions = { kill: control(name, 'kill', failed), start: control(name, 'start', failed) };
  const element = el(
    'div',
    { class: 'card', 'data-tint': tint([...sessions.keys()], name) },
    radio,
    el('label', { for: id }, el('i', { class: 'dot', 'aria-hidden': 'true' }), name),
    rate,
    el('p', { class: 'status', id: `${id}-status` }, title, ' ', detail),
    error,
    el('div', { class: 'actions' }, actions.kill, actions.start),
  );

  chosen$.subscribe((chosen) => {
    radio.checked = chosen === name;
  });
  fromEvent(radio, 'change').subscribe(() => chosen$.next(name));
  session.status$.subscribe((status) => {
    const phase = phaseOf(status);
    element.dataset['phase'] = phase;
    error.textContent = status.state === 'reconnecting' ? readable(status.error.message) : '';
    // Not `disabled`, because a disabled button loses the focus.
    actions.kill.setAttribute('aria-disabled', String(phase !== 'listening' && phase !== 'notListening'));
    actions.start.setAttribute('aria-disabled', String(phase === 'listening' || phase === 'notListening'));
  });
  textOf(session).subscribe((text) => {
    title.textContent = text.title;
    detail.textContent = text.detail;
  });
  session.notifications$
    .pipe(
      bufferTime(1000),
      map(({ length }) => length),
      startWith(0),
    )
    .subscribe((count) => {
      rate.textContent = `${count.toLocaleString('en')}/s`;
    });
  return element;
}

/** Formats the status, with a countdown to the next attempt. */
function textOf(session: MCPSession): Observable<StatusText> {
  return session.status$.pipe(
    switchMap((status) => {
      if (status.state !== 'reconnecting' || !(status.delay > 0)) return of(statusText(status));
      const due = Date.now() + status.delay;
      return interval(100).pipe(
        startWith(0),
        map(() => due - Date.now()),
        takeWhile((left) => left > 0, true),
        map((left) => statusText(status, left)),
      );
    }),
  );
}

function control(server: string, what: Control, failed: () => void): HTMLButtonElement {
  const label = what === 'kill' ? 'Kill' : 'Start';
  const button = el('button', { type: 'button', 'aria-label': `${label} ${server}` }, label);
  fromEvent(button, 'click')
    .pipe(
      filter(() => button.getAttribute('aria-disabled') !== 'true'),
      exhaustMap(() => fetch(`/servers/${server}/${what}`, { method: 'POST' }).catch(failed)),
    )
    .subscribe();
  return button;
}
