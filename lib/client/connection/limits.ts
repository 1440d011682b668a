import { firstValueFrom, type MonoTypeOperatorFunction, race, type SchedulerLike, throwError, timer } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import { firstWithin } from '../../operator/firstWithin';

/** The default of `connectTimeout`, in milliseconds. */
export const defaultConnectTimeoutMs = 30_000;

/** Timeout for closing a transport, in milliseconds. Longer than the shutdown of a child process may take. */
const closeTimeoutMs = 10_000;

/**
 * How long a response stream may stay open after the response, in milliseconds. Limits how long a server can occupy the
 * socket.
 */
export const drainTimeoutMs = 5_000;

/** The maximum time that a new connection waits for its first stream or subscription, in milliseconds. */
export const maxOpenGraceMs = 1_000;

/** The maximum number of pages of a list. Protects against servers that always return a new cursor. */
export const maxPages = 1_000;

/** Errors with a `ConnectionFailedError` if the source does not emit within the timeout. */
export function failAfter<T>(
  operation: string,
  timeoutMs = defaultConnectTimeoutMs,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<T> {
  const timedOut$ = throwError(() => timedOut(operation, timeoutMs));
  return firstWithin(timeoutMs, scheduler, timedOut$);
}

/**
 * Creates the error for an operation that timed out.
 *
 * @param timeoutMs - the timeout, in milliseconds.
 */
export function timedOut(operation: string, timeoutMs: number): ConnectionFailedError {
  return new ConnectionFailedError(`${operation}: timed out after ${String(timeoutMs)} ms`);
}

/** Resolves when a transport has closed or failed to close, or when the timeout expires. Never rejects. */
export function awaitClosed(closing: Promise<unknown>, scheduler: SchedulerLike): Promise<void> {
  return awaitSettled(closing, closeTimeoutMs, scheduler);
}

/** Resolves when a promise has settled, or when the timeout expires. Never rejects. */
export async function awaitSettled(
  promise: Promise<unknown>,
  timeoutMs: number,
  scheduler: SchedulerLike,
): Promise<void> {
  const settled = promise.catch(() => undefined);
  await firstValueFrom(race(settled, timer(timeoutMs, scheduler)));
}
