import { type MonoTypeOperatorFunction, Observable, type SchedulerLike, Subscription } from 'rxjs';
import { ConnectionLostError, RequestCancelledError, RequestTimeoutError } from '../../errors';
import type { Request } from '../../protocol/types';
import { abortOf$ } from '../../util/abort';
import { maxTimerDelay } from '../../util/maxDelay';
import { operationOf } from '../connection/operationOf';
import type { CallOptions } from './callOptions';
import type { CallTimeout, OpenCalls } from './openCalls';
import type { SessionStatus } from './sessionStatus';

/** The defaults and dependencies that limit the calls of a session. */
export interface CallLimits {
  defaults: Pick<CallOptions, 'timeout' | 'maxTotalTimeout'>;
  /** Errors when the session is closed. Never emits. */
  closed$: Observable<never>;
  state(): SessionStatus['state'];
  /** Pause the timeout of a call while the server waits for a response from this client. */
  openCalls: OpenCalls;
  scheduler: SchedulerLike;
}

/** The detail in the error of a call if `connect()` was never called. */
export const neverConnected = 'the session was never connected: call connect()';

/** The default of `timeout`, in milliseconds. The SDK has the same default. */
const defaultTimeoutMs = 60_000;

/**
 * The effect of a value on the call: `'last'` ends the call, `'more'` restarts its timeout, `'untimed'` stops its
 * timeout.
 */
export type CallStep = 'last' | 'untimed' | 'more';

/**
 * Errors with a typed error when a call exceeds one of its timeouts, its signal aborts, or the session is closed.
 * Completes after the last value. From then on, the call cannot fail.
 *
 * One operator instead of a composition of `timeout`, `merge` and `takeWhile`, to save memory: a session may have a
 * thousand pending calls.
 *
 * @param stepOf - returns the effect of a value. Default: the first value is the last.
 */
export function withCallLimits<T>(
  request: Request,
  options: Pick<CallOptions, 'signal' | 'timeout' | 'maxTotalTimeout'>,
  { defaults, closed$, state, openCalls, scheduler }: CallLimits,
  stepOf: (value: T) => CallStep = () => 'last',
): MonoTypeOperatorFunction<T> {
  const {
    timeout = defaults.timeout ?? defaultTimeoutMs,
    maxTotalTimeout = defaults.maxTotalTimeout ?? Infinity,
    signal,
  } = options;
  return (events$) =>
    new Observable((subscriber) => {
      const fail = (error: unknown): void => {
        subscriber.error(error);
      };
      const onTimeout = (limit: number, awaited: string) => (): void => {
        const sessionState = state();
        const reason = sessionState === 'idle' ? neverConnected : `the session is ${sessionState}`;
        const detail = sessionState === 'connected' ? '' : `; ${reason}`;
        fail(
          new RequestTimeoutError(
            `${operationOf(request)}: timed out after ${String(limit)} ms (no ${awaited}${detail})`,
            {
              timeout: limit,
            },
          ),
        );
      };
      const limits = closed$.subscribe({ error: fail });
      subscriber.add(limits);
      if (signal) {
        const abort = (cause: unknown): void => {
          fail(new RequestCancelledError(`${operationOf(request)}: cancelled`, { cause }));
        };
        limits.add(abortOf$(signal).subscribe(abort));
      }
      if (subscriber.closed) return;
      limits.add(schedule(scheduler, maxTotalTimeout, onTimeout(maxTotalTimeout, 'result')));
      const responseTimeout = createTimeout(scheduler, timeout, onTimeout(timeout, 'response'));
      limits.add(responseTimeout.stop);
      limits.add(openCalls.add(request, responseTimeout));
      const events = events$.subscribe({
        next(value) {
          const step = stepOf(value);
          if (step === 'last') {
            limits.unsubscribe();
            subscriber.next(value);
            subscriber.complete();
            return;
          }
          if (step === 'untimed') responseTimeout.stop();
          else responseTimeout.restart();
          subscriber.next(value);
        },
        error(cause: unknown) {
          fail(withOperation(cause, request));
        },
        complete() {
          subscriber.complete();
        },
      });
      subscriber.add(events);
    });
}

/** A timer that can be restarted, and paused any number of times. */
interface Timeout extends CallTimeout {
  restart(): void;
  stop(): void;
}

function createTimeout(scheduler: SchedulerLike, delay: number, action: () => void): Timeout {
  let remainingMs = delay;
  let startedAt = scheduler.now();
  let pauses = 0;
  let isStopped = false;
  let timer = schedule(scheduler, delay, action);

  function start(): void {
    timer.unsubscribe();
    startedAt = scheduler.now();
    if (!isStopped && pauses === 0) timer = schedule(scheduler, remainingMs, action);
  }

  return {
    restart() {
      remainingMs = delay;
      start();
    },
    stop() {
      isStopped = true;
      timer.unsubscribe();
    },
    pause() {
      if (pauses++ > 0) return;
      timer.unsubscribe();
      remainingMs -= scheduler.now() - startedAt;
    },
    resume() {
      if (--pauses === 0) start();
    },
  };
}

/** Delays above 2^31-1 ms mean no timeout. */
function schedule(scheduler: SchedulerLike, delay: number, action: () => void): Subscription {
  return delay > maxTimerDelay ? Subscription.EMPTY : scheduler.schedule(action, Math.max(0, delay));
}

/**
 * Adds the operation of a call to the message of a `ConnectionLostError`, which all pending calls share. Returns any
 * other error unchanged.
 */
function withOperation(error: unknown, request: Request): unknown {
  if (!(error instanceof ConnectionLostError)) return error;
  const { message, cause, uptime, retryAfter } = error;
  const operation = operationOf(request);
  if (message.startsWith(`${operation}: `)) return error;
  return new ConnectionLostError(`${operation}: ${reasonIn(message, cause, request)}`, { cause, uptime, retryAfter });
}

function reasonIn(message: string, cause: unknown, { method }: Request): string {
  const [, place = '', reason = ''] = /^(.*?): (.*)$/s.exec(message) ?? [];
  switch (place) {
    case 'sending':
      return `sending failed (${reason})`;
    case 'connection':
    case 'response stream':
      return `the ${place} ${reason}${cause instanceof Error ? ` (${cause.message})` : ''}`;
    case method:
      return reason;
    default:
      return message;
  }
}
