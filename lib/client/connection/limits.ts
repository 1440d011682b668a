import { firstValueFrom, type MonoTypeOperatorFunction, race, type SchedulerLike, throwError, timer } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import { firstWithin } from '../../operator/firstWithin';

/** The default of `connectTimeout`, in milliseconds. */
const defaultConnectTimeoutMs = 30_000;

/** The maximum time for a transport to close, in milliseconds. Longer than the shutdown of a child process. */
const closeTimeoutMs = 10_000;

/** How long a response stream may stay open after the response, so that a server cannot hold the socket. In milliseconds. */
export const drainTimeoutMs = 5_000;

/** The maximum time that a new connection waits for its first stream or subscription to open, in milliseconds. */
export const maxOpenGraceMs = 1_000;

/** The maximum number of pages of a list, for servers that always return a new cursor. */
export const maxPages = 1_000;

/** Errors with a `ConnectionFailedError` if the first value does not arrive within the timeout. */
export function failAfter<T>(
  operation: string,
  timeoutMs = defaultConnectTimeoutMs,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<T> {
  const overdue$ = throwError(() => new ConnectionFailedError(`${operation}: timed out after ${String(timeoutMs)} ms`));
  return firstWithin(timeoutMs, scheduler, overdue$);
}

/** Resolves when a transport has closed, with or without an error, or after the timeout. */
export function closedInTime(closing: Promise<unknown>, scheduler: SchedulerLike): Promise<void> {
  return settledInTime(closing, closeTimeoutMs, scheduler);
}

/** Resolves when a promise has settled, with or without an error, or after the timeout. */
export async function settledInTime(
  promise: Promise<unknown>,
  timeoutMs: number,
  scheduler: SchedulerLike,
): Promise<void> {
  const settled = promise.catch(() => undefined);
  await firstValueFrom(race(settled, timer(timeoutMs, scheduler)));
}
