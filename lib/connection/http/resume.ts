import type { EventSourceMessage } from 'eventsource-parser';
import {
  catchError,
  merge,
  NEVER,
  retry,
  Subject,
  switchMap,
  take,
  throwError,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { ConnectionFailedError, SessionExpiredError, UnauthorizedError } from '../../errors';

/** Cold; opens a listening stream, after the event with the given id if there is one; see {@link ResumeOptions}. */
export type OpenStream = (lastEventId: string | undefined, opened: () => void) => Observable<EventSourceMessage>;

/** What resuming needs. */
export interface ResumeOptions {
  /** The id of the last event that came. */
  from: string;
  /** `opened` is called when the server has agreed. The stream never completes: however it ends, it errors. */
  open$: OpenStream;
  /** The server has taken the id. */
  opened(): void;
  /** Whether the stream was resumed whole. What was proven once may turn out to be wrong later. */
  judged(isWhole: boolean): void;
  scheduler: SchedulerLike;
}

/** Milliseconds until a resumed stream is doubted again, which doubles each time, up to the second. */
const firstDoubt = 10_000;
const longestDoubt = 300_000;

/**
 * Resumes a stream. That the server took the id proves nothing: some replay into a stream that hears no more. So a fresh one
 * is asked for beside it. A server that refuses it, since it has one already, has the resumed one; from one that opens it,
 * both are heard. What it has may also be the stream that dropped, so it is asked again later on.
 */
export function resume$({ from, open$, opened, judged, scheduler }: ResumeOptions): Observable<EventSourceMessage> {
  const agreed$ = new Subject<void>();
  let isBeside = false;

  const resumed$ = open$(from, () => {
    opened();
    agreed$.next();
  }).pipe(catchError((error: unknown) => (isBeside ? NEVER : throwError(() => error))));

  const beside$ = open$(undefined, () => {
    isBeside = true;
    judged(false);
  }).pipe(
    retry({
      delay: (error: unknown, count) => {
        if (isBeside || endsSession(error)) throw error;
        if (count === 1) judged(error instanceof ConnectionFailedError && error.status === 409);
        return timer(Math.min(firstDoubt * 2 ** (count - 1), longestDoubt), scheduler);
      },
    }),
  );

  return merge(
    agreed$.pipe(
      take(1),
      switchMap(() => beside$),
    ),
    resumed$,
  );
}

function endsSession(error: unknown): boolean {
  return error instanceof SessionExpiredError || error instanceof UnauthorizedError;
}
