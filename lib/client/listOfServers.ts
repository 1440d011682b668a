import {
  audit,
  distinctUntilChanged,
  endWith,
  filter,
  map,
  mergeMap,
  type Observable,
  of,
  ReplaySubject,
  scan,
  share,
  startWith,
  switchMap,
} from 'rxjs';
import type { MCPSession } from './session/mcpSession';

/** A session and the name of its server. */
export interface NamedSession {
  server: string;
  session: MCPSession;
}

/** The list of one server. `items` is absent until the first fetch has succeeded. */
interface ServerList<T> extends NamedSession {
  isConnected: boolean;
  items?: readonly T[];
}

/**
 * Combines a live list of all connected servers. Emits the items of all servers, then all items again after each
 * change. Emits an empty array if no server is connected. While the first connected servers have not responded yet,
 * emits nothing. Fetches only while subscribed. Never completes.
 *
 * @param sessions$ - emits the existing sessions, then each new one.
 * @param listOf$ - returns the live list of a session.
 * @param entryOf - combines an item with the name of its server.
 */
export function listOfServers$<T, E>(
  sessions$: Observable<NamedSession>,
  listOf$: (session: MCPSession) => Observable<readonly T[]>,
  entryOf: (server: string, item: T) => E,
): Observable<readonly E[]> {
  const list$ = (named: NamedSession): Observable<ServerList<T>> => {
    const gone: ServerList<T> = { ...named, isConnected: false };
    return named.session.status$.pipe(
      map(({ state }) => state === 'connected'),
      distinctUntilChanged(),
      switchMap((isConnected) =>
        isConnected
          ? listOf$(named.session).pipe(
              map((items): ServerList<T> => ({ ...named, isConnected, items })),
              startWith<ServerList<T>>({ ...named, isConnected }),
            )
          : of(gone),
      ),
      endWith(gone),
    );
  };
  return sessions$.pipe(
    mergeMap(list$),
    scan(update<T>, new Map<MCPSession, ServerList<T>>()),
    startWith(new Map<MCPSession, ServerList<T>>()),
    // Lists that arrive in the same turn of the event loop lead to one emission.
    audit(() => Promise.resolve()),
    filter((lists) => lists.size === 0 || fetchedOf(lists).length > 0),
    map(fetchedOf),
    distinctUntilChanged(isSame),
    map((lists) =>
      Object.freeze(lists.flatMap(({ server, items = [] }) => items.map((item) => entryOf(server, item)))),
    ),
    share({
      connector: () => new ReplaySubject<readonly E[]>(1),
      resetOnRefCountZero: true,
      resetOnComplete: true,
      resetOnError: true,
    }),
  );
}

function update<T>(lists: ReadonlyMap<MCPSession, ServerList<T>>, list: ServerList<T>): Map<MCPSession, ServerList<T>> {
  const next = new Map(lists);
  if (list.isConnected) next.set(list.session, list);
  else next.delete(list.session);
  return next;
}

function fetchedOf<T>(lists: ReadonlyMap<MCPSession, ServerList<T>>): ServerList<T>[] {
  return [...lists.values()].filter(({ items }) => items);
}

function isSame<T>(before: readonly ServerList<T>[], after: readonly ServerList<T>[]): boolean {
  return (
    before.length === after.length &&
    before.every(({ server, items }, index) => server === after[index]?.server && items === after[index].items)
  );
}
