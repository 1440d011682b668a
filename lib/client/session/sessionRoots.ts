import type { MCPError } from '../../errors';
import { lastValueFrom, type Observable, race, switchMap, take } from 'rxjs';
import type { Notification, Result, Root } from '../../protocol/types';
import type { Connection } from '../connection/connection';
import { retryWith, type RetryPolicy } from '../connection/retry/retryWith';
import { RootsSubject } from './rootsSubject';
import type { SessionStatus } from './sessionStatus';

/** Dependencies of {@link createSessionRoots}. */
interface RootsContext extends NotifierContext {
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
  const notify = createNotifier({ method: 'notifications/roots/list_changed' }, context);
  let isRequested = false;
  const roots$ = new RootsSubject(initial, {
    // Before the session is connected, a server that has not requested the roots yet will do so without a notification.
    announce: () => {
      const now = state();
      const isUnneeded = now === 'idle' || now === 'closed' || (now === 'connecting' && !isRequested);
      return isUnneeded ? Promise.resolve() : notify();
    },
    report,
  });
  return {
    roots$,
    list() {
      isRequested = true;
      return { roots: [...roots$.value] };
    },
  };
}

/** Dependencies of the notifier. */
interface NotifierContext {
  usable$: Observable<Connection>;
  closed$: Observable<never>;
  policy(): RetryPolicy;
}

/**
 * Returns a function that sends one notification per call, in order. Without a connection, the function waits for one. Resolves
 * when the notification has been sent.
 */
function createNotifier(
  notification: Notification,
  { usable$, closed$, policy }: NotifierContext,
): () => Promise<void> {
  const send$ = (): Observable<void> =>
    usable$.pipe(
      take(1),
      switchMap((connection) => connection.notify(notification)),
      retryWith(policy, () => undefined),
    );
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const sent = last.then(() => lastValueFrom(race(closed$, send$())));
    last = sent.catch(() => undefined);
    return sent;
  };
}
