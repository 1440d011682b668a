import { exhaustMap, filter, from, map, NEVER, type Observable, scan, switchMap, take, timer } from 'rxjs';
import type { ServerSettings } from '../serverOptions';
import { nodeKey } from '../sessionRecord';

/** The time without a heartbeat after which a node is considered lost, in milliseconds. */
export const heartbeatMs = 5_000;

const checkPeriodMs = 500;

/**
 * Emits when a node is lost, and completes. Does not check while the store is unreachable, nor after that until all
 * nodes have had time to reconnect.
 */
export function nodeLost$({ backplane, scheduler }: ServerSettings, node: string): Observable<void> {
  return backplane.status$.pipe(
    scan((seen, status) => ({ status, isFirst: seen.status === undefined }), initial),
    switchMap(({ status, isFirst }) => {
      if (status === 'down') return NEVER;
      return timer(isFirst ? checkPeriodMs : heartbeatMs, checkPeriodMs, scheduler);
    }),
    exhaustMap(() => from(backplane.alive(nodeKey(node)).catch(() => true))),
    filter((isAlive) => !isAlive),
    map(() => undefined),
    take(1),
  );
}

const initial: { status?: string; isFirst: boolean } = { isFirst: false };
