import {
  catchError,
  filter,
  fromEvent,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  scan,
  startWith,
  Subject,
  takeWhile,
} from 'rxjs';
import { advance, begun, type CallRequest, type CallState, type CallStep } from '../model/callState';
import { badge } from './badge';
import type { Board } from './board';
import { byId } from './byId';
import { el } from './el';

/** The maximum number of calls that are shown. Settled calls are removed first. */
const most = 30;

/** Shows the calls and their progress. A pending call can be cancelled. */
export function callList(board: Board): void {
  const list = byId('calls', HTMLElement);
  const cancelled$ = new Subject<number>();
  const rows = new Map<number, CallRow>();

  const settle = (): void => {
    byId('calls-empty', HTMLElement).hidden = rows.size > 0;
  };
  function remove(id: number): void {
    rows.get(id)?.element.remove();
    rows.delete(id);
    settle();
  }

  board.calls$
    .pipe(
      map((request, id) => ({ ...request, id })),
      mergeMap((request) => follow(board, request, cancelled$)),
    )
    .subscribe((call) => {
      const { id } = call.request;
      const known = rows.get(id);
      if (known) {
        known.show(call);
        return;
      }
      const row = callRow(board, call);
      rows.set(id, row);
      list.prepend(row.element);
      row.dismissed$.subscribe(() => (row.isRunning() ? cancelled$.next(id) : remove(id)));
      const spent = [...rows].find(([, each]) => !each.isRunning());
      if (rows.size > most && spent) remove(spent[0]);
      settle();
    });
}

/** Follows a call until it is settled. Unsubscribing cancels it on the server. */
function follow({ sessions }: Board, request: CallRequest, cancelled$: Observable<number>): Observable<CallState> {
  const { id, server, tool, args } = request;
  const steps$ = sessions.get(server)!.callTool$(tool, args);
  return merge(
    steps$.pipe(catchError((error: unknown) => of<CallStep>({ kind: 'failed', error: toError(error) }))),
    cancelled$.pipe(
      filter((each) => each === id),
      map((): CallStep => ({ kind: 'cancelled' })),
    ),
  ).pipe(
    scan(advance, begun(request)),
    startWith(begun(request)),
    takeWhile(({ state }) => state === 'running', true),
  );
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

interface CallRow {
  readonly element: HTMLElement;
  readonly dismissed$: Observable<unknown>;
  isRunning(): boolean;
  show(call: CallState): void;
}

function callRow(board: Board, first: CallState): CallRow {
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
    el('div', { class: 'call-head' }, badge(board, server), el('strong', {}, tool), outcome, button),
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
