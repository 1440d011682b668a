import { catchError, map, merge, of, ReplaySubject, share, type Observable } from 'rxjs';
import type { Connection } from '../connection/connection';
import { ServerError } from '../errors';
import type { Gap } from '../notification/gap';
import { listChanged, type ListKind } from '../notification/listChanged';
import type { Notification } from '../protocol';
import { refresh, type RefreshContext } from './refresh';

/** What live lists need of a session. */
export interface ListsContext extends RefreshContext {
  notifications$: Observable<Notification>;
  connections$: Observable<Connection>;
  gaps$: Observable<Gap>;
}

/** The JSON-RPC code for a method that a server does not have. */
const methodNotFound = -32601;

/**
 * A list of the server, kept current: whole, then again after each change, reconnection and gap. It is fetched once for
 * all who watch, and not at all when nobody does.
 *
 * @param kind - whose changes concern it.
 * @param fetch$ - cold; gets the list, all pages of it.
 */
export function liveList$<T>(kind: ListKind, fetch$: Observable<T[]>, context: ListsContext): Observable<readonly T[]> {
  const { notifications$, connections$, gaps$ } = context;
  const list$ = fetch$.pipe(
    // A server without such a list is one whose list is empty.
    catchError((error: unknown) => {
      if (error instanceof ServerError && error.code === methodNotFound) return of([]);
      throw error;
    }),
    map((items): readonly T[] => Object.freeze(items)),
  );
  return merge(notifications$.pipe(listChanged(kind)), gaps$, connections$).pipe(
    refresh(list$, context),
    // A late subscriber gets the current list; with the last one to leave, it is forgotten.
    share({ connector: () => new ReplaySubject<readonly T[]>(1), resetOnRefCountZero: true }),
  );
}
