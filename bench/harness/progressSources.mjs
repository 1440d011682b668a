import { filter, Subject } from 'rxjs';
import { createHub } from './builtHub.mjs';

/** The ways for a notification to get to the one who waits for its token, without any I/O. */
export const progressSources = {
  hub: createHub,
  /** What there is without a hub: every subscriber looks at every notification. */
  filter: () => {
    const all$ = new Subject();
    return { push: (notification) => all$.next(notification), notifications$: all$.pipe(filter(() => true)) };
  },
};
