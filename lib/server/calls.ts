import { defer, type Observable, type SchedulerLike, Subject, tap, finalize } from 'rxjs';
import type { RequestId } from '../protocol/types';
import type { Exchange } from './exchange';

/** An event of a call, for metrics, logs and tracing spans. */
export interface ServerCall {
  /** The id of the request. */
  readonly id: RequestId;
  /** The method of the request. */
  readonly method: string;
  /** The name of the tool or prompt, or the URI of the resource. */
  readonly name: string | undefined;
  /** The id of the session. */
  readonly session?: string;
  /**
   * The new state of the call. `'input_required'`, only with protocol 2026-07-28: the call ended with requests for
   * input, and runs again when the client sends the answers.
   */
  readonly state: 'started' | 'progress' | 'done' | 'failed' | 'cancelled' | 'input_required';
  /** When the event happened, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** The duration of the call, in milliseconds. Absent until the call has ended. */
  readonly ms?: number;
  /**
   * The reason why the call failed: the value that the handler threw, or the error of an invalid result. Absent if the
   * handler returned a result with `isError: true`. May contain secrets of the handler.
   */
  readonly error?: unknown;
}

/** The running calls of a server. */
export interface Calls {
  readonly calls$: Observable<ServerCall>;
  readonly running: number;
  /** Emits after each change of {@link Calls.running}. */
  readonly changes$: Observable<void>;
  /** Reports the start and the end of a call. `run$` is called with a function that reports progress. */
  track$<T>(
    exchange: Exchange,
    name: string | undefined,
    run$: (onProgress: () => void) => Observable<T>,
  ): Observable<T>;
  complete(): void;
}

/**
 * Creates the {@link Calls} of a server.
 *
 * @param isError - whether a result counts as a failure.
 */
export function createCalls(scheduler: SchedulerLike, isError: (result: unknown) => boolean): Calls {
  const calls$ = new Subject<ServerCall>();
  const changes$ = new Subject<void>();
  let running = 0;

  return {
    calls$: calls$.asObservable(),
    changes$,
    get running() {
      return running;
    },
    track$: (exchange, name, run$) =>
      defer(() => {
        const { request, session } = exchange;
        const startedAt = scheduler.now();
        let state: ServerCall['state'] | undefined;
        let failure: Pick<ServerCall, 'error'> = {};

        function report(reported: ServerCall['state'], isEnd: boolean): void {
          if (!calls$.observed) return;
          const at = scheduler.now();
          calls$.next({
            id: request.id,
            method: request.method,
            name,
            ...(session && { session: session.id }),
            state: reported,
            at,
            ...(isEnd && { ms: at - startedAt, ...failure }),
          });
        }

        running++;
        changes$.next();
        report('started', false);
        return run$(() => report('progress', false)).pipe(
          tap({
            next: (result) => (state = isError(result) ? 'failed' : 'done'),
            error: (error: unknown) => {
              state = 'failed';
              failure = { error };
            },
          }),
          finalize(() => {
            running--;
            changes$.next();
            report(state ?? (exchange.isInputRequired ? 'input_required' : 'cancelled'), true);
          }),
        );
      }),
    complete() {
      calls$.complete();
      changes$.complete();
    },
  };
}
