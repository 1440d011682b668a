import {
  catchError,
  filter,
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
import { advance, startedCall, type CallRequest, type CallState, type CallStep } from '../model/callState';
import type { Board } from './board';
import { byId } from './byId';
import { type CallRow, callRow } from './callRow';

/** The maximum number of calls that are shown. Settled calls are removed first. */
const maxRows = 30;

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
      if (rows.size > maxRows && spent) remove(spent[0]);
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
    scan(advance, startedCall(request)),
    startWith(startedCall(request)),
    takeWhile(({ state }) => state === 'running', true),
  );
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
