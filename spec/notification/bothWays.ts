import type { Observable } from 'rxjs';
import { createHub } from '../../lib/notification/hub';
import type { Notification } from '../../lib/protocol/types';

/** A way in which notifications reach an operator. */
export interface Way {
  way: string;
  /** Whether the stream belongs to a hub, which routes for operators, subscribes to its source once, and never errors. */
  own: boolean;
  /** Returns a stream that carries the values of `source$`. */
  over(source$: Observable<Notification>): Observable<Notification>;
}

/**
 * The two ways. An operator gives the same results on a session's own stream, where it uses routes, and on any other, where it
 * filters.
 */
export const bothWays: Way[] = [
  {
    way: "a session's own stream",
    own: true,
    over: (source$) => {
      const hub = createHub();
      source$.subscribe({
        next: (notification) => hub.push(notification),
        complete: () => {
          hub.complete();
        },
      });
      return hub.notifications$;
    },
  },
  { way: 'any other Observable', own: false, over: (source$) => source$ },
];
