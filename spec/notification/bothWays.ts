import type { Observable } from 'rxjs';
import { createHub } from '../../lib/notification/hub';
import type { Notification } from '../../lib/protocol/types';

/** A way in which notifications reach an operator. */
export interface Way {
  way: string;
  /** Whether it is by a hub, which knows the operators; it subscribes to what feeds it once, and never errors. */
  own: boolean;
  /** The stream that carries what `source$` emits from now on. */
  over(source$: Observable<Notification>): Observable<Notification>;
}

/** An operator gives the same results on a session's own stream, where it is routed, and on any other, where it filters. */
export const bothWays: Way[] = [
  {
    way: "a session's own stream",
    own: true,
    over: (source$) => {
      const hub = createHub();
      source$.subscribe({ next: hub.push, complete: hub.complete });
      return hub.notifications$;
    },
  },
  { way: 'any other Observable', own: false, over: (source$) => source$ },
];
