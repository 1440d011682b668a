import { defer, fromEvent, map, type Observable, of, type SchedulerLike, share } from 'rxjs';
import { ConnectionLostError } from '../errors';

const aborts = new WeakMap<AbortSignal, Observable<unknown>>();

/**
 * Emits the reason when the signal aborts, or at once when it has. However many subscribe, the signal has one listener: Node
 * takes more than ten for a leak, and says so.
 */
export function abortOf$(signal: AbortSignal): Observable<unknown> {
  return defer(() => {
    if (signal.aborted) return of(signal.reason);
    const known$ = aborts.get(signal);
    if (known$) return known$;
    const abort$ = fromEvent(signal, 'abort').pipe(
      map((): unknown => signal.reason),
      share({ resetOnRefCountZero: true, resetOnComplete: true, resetOnError: true }),
    );
    aborts.set(signal, abort$);
    return abort$;
  });
}

/** How long a server may take to say that it has what is no request: it has nothing else to say on it. In milliseconds. */
export const ackTimeoutMs = 30_000;

/** How long something may take. */
interface TimeLimit {
  /** Milliseconds until it is given up. */
  bound: number;
  scheduler: SchedulerLike;
  /** Gives it up sooner. */
  signal: AbortSignal | null | undefined;
}

/** Does something that a signal ends, and ends it when the server has not answered in time. */
export async function withTimeout<T>(
  { bound, scheduler, signal }: TimeLimit,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const waiting = scheduler.schedule(() => {
    controller.abort(new ConnectionLostError(`sending: no answer in ${String(bound)} ms`));
  }, bound);
  const abort = (): void => {
    waiting.unsubscribe();
    controller.abort(signal?.reason);
  };
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  try {
    return await act(controller.signal);
  } finally {
    waiting.unsubscribe();
    signal?.removeEventListener('abort', abort);
  }
}
