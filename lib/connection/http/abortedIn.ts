import type { SchedulerLike } from 'rxjs';
import { ConnectionLostError } from '../../errors';

/** How long a server may take to say that it has what is no request: it has nothing else to say on it. In milliseconds. */
export const receiptBound = 30_000;

/** How long something may take. */
export interface TimeLimit {
  /** Milliseconds until it is given up. */
  bound: number;
  scheduler: SchedulerLike;
  /** Gives it up sooner. */
  signal: AbortSignal | null | undefined;
}

/** Does something that a signal ends, and ends it when the server has not answered in time. */
export async function abortedIn<T>(
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
