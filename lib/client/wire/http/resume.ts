import type { EventSourceMessage } from 'eventsource-parser';
import {
  catchError,
  merge,
  NEVER,
  noop,
  retry,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { ConnectionFailedError, SessionExpiredError, UnauthorizedError } from '../../../errors';
import type { GetStream } from './getStream';

/** Options for {@link resume$}. */
export interface ResumeOptions {
  /** The id of the last received event. */
  from: string;
  /** Opens streams. They never complete: however they end, they error. */
  open$: GetStream;
  /** Called when the server has accepted the event id. */
  onOpen(): void;
  /** Called with whether nothing was missed. A stream that was verified once may turn out later to be dead. */
  onVerified(isWhole: boolean): void;
  scheduler: SchedulerLike;
}

/** Milliseconds until the next probe of a resumed stream; doubled after each, up to `maxProbeDelayMs`. */
const initialProbeDelayMs = 1_000;
const maxProbeDelayMs = 300_000;
/** Milliseconds in which the end of a resumed stream arrives that ended before the server opened the probe. */
const dropDetectionMs = 250;
/** Milliseconds until a probe is repeated that the network failed. */
const retryProbeAfterMs = 1_000;

/**
 * Resumes a stream after an event. A 200 does not prove that the stream is live: some servers replay into a stream that then
 * stays silent. So a second GET, without an event id, probes it. 409: the server has a stream, which is the resumed one.
 * 200: both streams are read, unless the resumed one turns out to have dropped, which is then resumed again. The stream that
 * the server has may also be the one that dropped in the first place, so the probe repeats with growing delay.
 */
export function resume$({
  from,
  open$,
  onOpen,
  onVerified,
  scheduler,
}: ResumeOptions): Observable<EventSourceMessage[]> {
  const accepted$ = new Subject<void>();
  let isProbeRead = false;
  let probes = 0;

  const resumed$ = open$(from, () => {
    onOpen();
    accepted$.next();
  }).pipe(catchError((error: unknown) => (isProbeRead ? NEVER : throwError(() => error))));

  /** Reads the probe only once it is clear that the resumed stream has not dropped. */
  const holdBack: MonoTypeOperatorFunction<string> = (source$) =>
    timer(dropDetectionMs, scheduler).pipe(
      tap(() => {
        isProbeRead = true;
        onVerified(false);
      }),
      switchMap(() => source$),
    );

  const probe$ = open$(undefined, noop, holdBack).pipe(
    retry({
      delay: (error: unknown) => {
        if (isProbeRead || endsSession(error)) throw error;
        // Without an answer, nothing is known yet; if the resumed stream is cut off as well, it errors itself.
        if (!isAnswer(error)) return timer(retryProbeAfterMs, scheduler);
        if (probes === 0) onVerified(error.status === 409);
        return timer(Math.min(initialProbeDelayMs * 2 ** probes++, maxProbeDelayMs), scheduler);
      },
    }),
  );

  return merge(
    accepted$.pipe(
      take(1),
      switchMap(() => probe$),
    ),
    resumed$,
  );
}

function endsSession(error: unknown): boolean {
  return error instanceof SessionExpiredError || error instanceof UnauthorizedError;
}

function isAnswer(error: unknown): error is ConnectionFailedError {
  return error instanceof ConnectionFailedError && error.status !== undefined;
}
