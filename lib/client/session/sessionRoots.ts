import type { MCPError } from '../../errors';
import { lastValueFrom, type Observable, race, switchMap, take } from 'rxjs';
import type { Notification, Result, Root } from '../../protocol/types';
import type { Connection } from '../connection/connection';
import { retryWith, type RetryPolicy } from '../connection/retry/retryWith';
import { RootsSubject } from './rootsSubject';
import type { SessionStatus } from './sessionStatus';

/** Dependencies of {@link createSessionRoots}. */
interface RootsContext extends AnnouncerContext {
  state(): SessionStatus['state'];
  report(error: MCPError): void;
}

/** The roots of a session. */
interface SessionRoots {
  readonly roots$: RootsSubject;
  /** Returns the response to `roots/list`. */
  list(): Result;
}

/** Creates {@link SessionRoots}. */
export function createSessionRoots(initial: readonly Root[], context: RootsContext): SessionRoots {
  const { state, report } = context;
  const announce = createAnnouncer({ method: 'notifications/roots/list_changed' }, context);
  let asked = false;
  const roots$ = new RootsSubject(initial, {
    // Before the session is connected, a server that has not requested the roots yet will do so without a notification.
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

/** Dependencies of the notifier. */
interface AnnouncerContext {
  usable$: Observable<Connection>;
  closed$: Observable<never>;
  waits(): RetryPolicy;
}

/**
 * Returns a function that sends one notification per call, in order. Without a connection, the function waits for one. Resolves
 * when the notification has been sent.
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
