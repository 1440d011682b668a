import { defer, distinctUntilChanged, map, merge, type Observable, of, takeUntil, tap, throttleTime } from 'rxjs';
import type { ServerCore } from './serverCore';

/** The status of a server. */
export interface ServerStatus {
  /** The name of this node. */
  readonly node: string;
  /** The number of sessions on this node. */
  readonly sessions: number;
  /** The number of sessions with an open stream on this node. */
  readonly listening: number;
  /** The number of running calls on this node. */
  readonly running: number;
  /** Whether the store of the backplane is reachable. */
  readonly backplane: 'up' | 'down';
}

const statusPeriodMs = 100;

/**
 * Emits the current status of a server, then each change, at most once per 100 ms. Completes when the server closes.
 */
export function statusOf({ node, sessions, calls, settings, closed$ }: ServerCore): Observable<ServerStatus> {
  const { backplane, scheduler } = settings;
  return defer(() => {
    let state: 'up' | 'down' = 'up';
    const status = (): ServerStatus => ({
      node: node(),
      sessions: sessions.size,
      listening: sessions.listening,
      running: calls.running,
      backplane: state,
    });
    const states$ = backplane.status$.pipe(tap((next) => (state = next)));
    return merge(states$, of(undefined), sessions.changes$, calls.changes$).pipe(
      throttleTime(statusPeriodMs, scheduler, { leading: true, trailing: true }),
      map(status),
      distinctUntilChanged((one, other) => JSON.stringify(one) === JSON.stringify(other)),
      takeUntil(closed$),
    );
  });
}
