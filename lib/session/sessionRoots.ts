import type { Result, Root } from '../protocol/types';
import { createAnnouncer, type AnnouncerContext } from './announcer';
import { RootsSubject } from './rootsSubject';
import type { SessionStatus } from './sessionStatus';

/** What the roots need of a session. */
export interface RootsContext extends AnnouncerContext {
  state(): SessionStatus['state'];
  report(error: Error): void;
}

/** The roots of a session, and what a server is told of them. */
export interface SessionRoots {
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
