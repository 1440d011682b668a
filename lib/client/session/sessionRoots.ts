import type { MCPError } from '../../errors';
import { lastValueFrom, type Observable, race, switchMap, take } from 'rxjs';
import type { Notification, Result, Root } from '../../protocol/types';
import type { Connection } from '../connection/connection';
import { retryWith, type RetryPolicy } from '../connection/retry/retryWith';
import { RootsSubject } from './rootsSubject';
import type { SessionStatus } from './sessionStatus';

/** What the roots need of a session. */
interface RootsContext extends AnnouncerContext {
  state(): SessionStatus['state'];
  report(error: MCPError): void;
}

/** The roots of a session, and what a server is told of them. */
interface SessionRoots {
  readonly roots$: RootsSubject;
  /** The answer to `roots/list`. */
  list(): Result;
}

/** See {@link SessionRoots}. */
export function createSessionRoots(initial: readonly Root[], context: RootsContext): SessionRoots {
  const { state, report } = context;
  const announce = createAnnouncer({ method: 'notifications/roots/list_changed' }, context);
  let asked = false;
  const roots$ = new RootsSubject(initial, {
    // A server that is not connected to yet gets the roots by asking for them, unless it has done so already.
    announce: () => {
      const now = state();
      const isUntold = now === 'idle' || now === 'closed' || (now === 'connecting' && !asked);
      return isUntold ? Promise.resolve() : announce();
    },
    report,
  });
  return {
    roots$,
    list() {
      asked = true;
      return { roots: [...roots$.value] };
    },
  };
}

/** What announcing needs of a session. */
interface AnnouncerContext {
  usable$: Observable<Connection>;
  closed$: Observable<never>;
  waits(): RetryPolicy;
}

/**
 * Sends one notification each time it is called, one after the other; while there is no connection, when there is one
 * again. Resolves when it is sent.
 */
function createAnnouncer(
  notification: Notification,
  { usable$, closed$, waits }: AnnouncerContext,
): () => Promise<void> {
  const tell$ = (): Observable<void> =>
    usable$.pipe(
      take(1),
      switchMap((connection) => connection.notify(notification)),
      retryWith(waits, () => undefined),
    );
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const told = last.then(() => lastValueFrom(race(closed$, tell$())));
    last = told.catch(() => undefined);
    return told;
  };
}
