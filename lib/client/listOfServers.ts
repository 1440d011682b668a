import {
  audit,
  BehaviorSubject,
  distinctUntilChanged,
  filter,
  map,
  mergeMap,
  Observable,
  share,
  switchMap,
} from 'rxjs';
import type { MCPSession } from './session/mcpSession';

/** A session and the name of its server. */
export interface NamedSession {
  server: string;
  session: MCPSession;
}

/** The fetched list of one server. */
interface ServerList<T> {
  server: string;
  items: readonly T[];
}

/** The lists of the connected servers. `undefined` until the first fetch of a list has succeeded. */
type Lists<T> = ReadonlyMap<NamedSession, readonly T[] | undefined>;

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
  return lists$(sessions$, listOf$).pipe(
    // Lists that arrive in the same turn of the event loop lead to one emission.
    audit(() => Promise.resolve()),
    filter((lists) => lists.size === 0 || fetchedOf(lists).length > 0),
    map(fetchedOf),
    distinctUntilChanged(isSame),
    map((lists) => Object.freeze(lists.flatMap(({ server, items }) => items.map((item) => entryOf(server, item))))),
    share({
      connector: () => new BehaviorSubject<readonly E[] | undefined>(undefined),
      resetOnRefCountZero: true,
      resetOnComplete: true,
      resetOnError: true,
    }),
    filter((entries) => entries !== undefined),
  );
}

/** Emits the lists of the connected servers, then again after each change. Emits the same Map each time. */
function lists$<T>(
  sessions$: Observable<NamedSession>,
  listOf$: (session: MCPSession) => Observable<readonly T[]>,
): Observable<Lists<T>> {
  return new Observable((subscriber) => {
    const lists = new Map<NamedSession, readonly T[] | undefined>();
    subscriber.next(lists);
    const changes$ = sessions$.pipe(
      mergeMap((named) =>
        named.session.status$.pipe(
          map(({ state }) => state === 'connected'),
          distinctUntilChanged(),
          switchMap((isConnected) => {
            lists.delete(named);
            if (!isConnected) return [lists];
            lists.set(named, undefined);
            return listOf$(named.session).pipe(map((items) => lists.set(named, items)));
          }),
        ),
      ),
    );
    return changes$.subscribe(subscriber);
  });
}

function fetchedOf<T>(lists: Lists<T>): ServerList<T>[] {
  return [...lists].flatMap(([{ server }, items]) => (items ? [{ server, items }] : []));
}

function isSame<T>(before: readonly ServerList<T>[], after: readonly ServerList<T>[]): boolean {
  return (
    before.length === after.length &&
    before.every(({ server, items }, index) => server === after[index]?.server && items === after[index].items)
  );
}
