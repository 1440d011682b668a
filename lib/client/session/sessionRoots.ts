import type { MCPError } from '../../errors';
import { lastValueFrom, type Observable, race, switchMap, take } from 'rxjs';
import type { Notification, Result, Root } from '../../protocol/types';
import { retryWith, type RetryPolicy } from '../connection/retry/retryWith';
import type { Reconnector } from './reconnector';
import { RootsSubject } from './rootsSubject';

/** Dependencies of {@link createSessionRoots}. */
interface RootsContext extends NotifierContext {
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
  let notify: (() => Promise<void>) | undefined;
  let isRequested = false;
  const roots$ = new RootsSubject(initial, {
    // Before the session is connected, a server that has not requested the roots yet will do so without a notification.
    announce: () => {
      const now = context.reconnector.state();
      const isUnneeded = now === 'idle' || now === 'closed' || (now === 'connecting' && !isRequested);
      if (isUnneeded) return Promise.resolve();
      notify ??= createNotifier({ method: 'notifications/roots/list_changed' }, context);
      return notify();
    },
    report: context.report,
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
  reconnector: Pick<Reconnector, 'usable$' | 'closed$' | 'state'>;
  policy(): RetryPolicy;
}

/**
 * Returns a function that sends one notification per call, in order. Without a connection, the function waits for one. Resolves
 * when the notification has been sent.
 */
function createNotifier(
  notification: Notification,
  { reconnector: { usable$, closed$ }, policy }: NotifierContext,
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
