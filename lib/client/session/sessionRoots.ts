import type { MCPError } from '../../errors';
import { firstValueFrom, type Observable, race, switchMap, take } from 'rxjs';
import type { Notification, Result, Root } from '../../protocol/types';
import { retryWith, type RetryPolicy } from '../connection/retry/retryWith';
import type { Reconnector } from './reconnector';
import { RootsSubject, type RootsTarget } from './rootsSubject';

/** Dependencies of {@link SessionRoots}. */
interface RootsContext extends NotifierContext {
  report(error: MCPError): void;
}

/** The roots of a session: answers `roots/list`, and notifies the server of changes. */
export class SessionRoots implements RootsTarget {
  readonly roots$: RootsSubject;
  readonly #context: RootsContext;
  #notify: (() => Promise<void>) | undefined;
  #isRequested = false;

  /** @throws `InvalidRootsError` if the initial roots are invalid. */
  constructor(initial: readonly Root[], context: RootsContext) {
    this.#context = context;
    this.roots$ = new RootsSubject(initial, this);
  }

  /** Returns the response to `roots/list`. */
  list(): Result {
    this.#isRequested = true;
    return { roots: [...this.roots$.value] };
  }

  announce(): Promise<void> {
    const now = this.#context.reconnector.state();
    // A server that has not requested the roots yet will request the current roots, so it needs no notification.
    if (now === 'idle' || now === 'closed' || (now === 'connecting' && !this.#isRequested)) return Promise.resolve();
    this.#notify ??= createNotifier({ method: 'notifications/roots/list_changed' }, this.#context);
    return this.#notify();
  }

  report(error: MCPError): void {
    this.#context.report(error);
  }
}

/** Dependencies of {@link createNotifier}. */
interface NotifierContext {
  reconnector: Pick<Reconnector, 'usable$' | 'closed$' | 'state'>;
  policy(): RetryPolicy;
}

/**
 * Returns a function that sends one notification per call, in order. The promise resolves when the notification has
 * been sent. Without a connection, the function waits for one.
 */
function createNotifier(notification: Notification, { reconnector, policy }: NotifierContext): () => Promise<void> {
  const send$ = (): Observable<void> =>
    reconnector.usable$.pipe(
      take(1),
      switchMap((connection) => connection.notify(notification)),
      retryWith(policy, () => undefined),
    );
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const sent = last.then(() => firstValueFrom(race(reconnector.closed$, send$())));
    last = sent.catch(() => undefined);
    return sent;
  };
}
