import { fromEvent, type Observable } from 'rxjs';
import type { CallState } from '../model/callState';
import { badge } from './badge';
import type { Board } from './board';
import { el } from './el';

/** A row in a list of calls. */
export interface CallRow {
  readonly element: HTMLElement;
  /** Emits when the button of the row is pressed. */
  readonly dismissed$: Observable<unknown>;
  isRunning(): boolean;
  show(call: CallState): void;
}

/** Creates a row for a call. The row of a live call has a button that cancels or dismisses the call. */
export function callRow(board: Board, first: CallState, isLive = true): CallRow {
  const { server, tool } = first.request;
  const button = el('button', { type: 'button', class: 'quiet' });
  const fill = el('i');
  const bar = el(
    'div',
    { class: 'bar', role: 'progressbar', 'aria-label': tool, 'aria-valuemin': '0', 'aria-valuemax': '100' },
    fill,
  );
  const text = el('p', { class: 'said' });
  const outcome = el('span', { class: 'outcome' });
  const element = el(
    'li',
    { class: 'call' },
    el(
      'div',
      { class: 'call-head' },
      badge(board, server),
      el('strong', {}, tool),
      outcome,
      ...(isLive ? [button] : []),
    ),
    bar,
    text,
  );
  let state: CallState['state'];

  function show(call: CallState): void {
    ({ state } = call);
    element.dataset['state'] = state;
    outcome.textContent = state === 'running' ? percentOf(call.done) : state;
    text.textContent = call.text;
    // The button is reused, so that it keeps the focus.
    const label = state === 'running' ? 'Cancel' : 'Dismiss';
    if (button.textContent !== label) button.replaceChildren(label);
    button.setAttribute('aria-label', `${label} ${tool}`);
    bar.toggleAttribute('data-unknown', call.done === undefined && state === 'running');
    if (call.done === undefined) return;
    fill.style.transform = `scaleX(${call.done})`;
    bar.setAttribute('aria-valuenow', String(Math.round(call.done * 100)));
  }

  show(first);
  return { element, dismissed$: fromEvent(button, 'click'), isRunning: () => state === 'running', show };
}

const percentOf = (done: number | undefined): string => (done === undefined ? '' : `${Math.round(done * 100)} %`);
