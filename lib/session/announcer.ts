import { lastValueFrom, race, switchMap, take, type Observable } from 'rxjs';
import type { Connection } from '../client/connection/connection';
import { retryBy, type Waits } from '../client/connection/retry/retryWith';
import type { Notification } from '../protocol/types';

/** What announcing needs of a session. */
export interface AnnouncerContext {
  live$: Observable<Connection>;
  closed$: Observable<never>;
  waits(): Waits;
}

/**
 * Sends one notification each time it is called, one after the other; while there is no connection, when there is one
 * again. Resolves when it is sent.
 */
export function createAnnouncer(
  notification: Notification,
  { live$, closed$, waits }: AnnouncerContext,
): () => Promise<void> {
  const tell$ = (): Observable<void> =>
    live$.pipe(
      take(1),
      switchMap((connection) => connection.notify(notification)),
      retryBy(waits, () => undefined),
    );
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const told = last.then(() => lastValueFrom(race(closed$, tell$())));
    last = told.catch(() => undefined);
    return told;
  };
}
