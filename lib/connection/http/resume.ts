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
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { ConnectionFailedError, SessionExpiredError, UnauthorizedError } from '../../errors';

/** Puts off reading a stream. */
type Hold = <T>(source$: Observable<T>) => Observable<T>;

/**
 * Cold; opens a listening stream, after the event with the given id if there is one; see {@link ResumeOptions}. `opened` is
 * called when the server has agreed; what it sends is read as `hold` has it, at once without one.
 */
export type OpenStream = (
  lastEventId: string | undefined,
  opened: () => void,
  hold?: Hold,
) => Observable<EventSourceMessage[]>;

/** What resuming needs. */
export interface ResumeOptions {
  /** The id of the last event that came. */
  from: string;
  /** The streams never complete: however they end, they error. */
  open$: OpenStream;
  /** The server has taken the id. */
  opened(): void;
  /** Whether the stream was resumed whole. What was proven once may turn out to be wrong later. */
  judged(isWhole: boolean): void;
  scheduler: SchedulerLike;
}

/** Milliseconds until a resumed stream is doubted again, which doubles each time, up to the second. */
const firstDoubt = 1_000;
const longestDoubt = 300_000;
/** Milliseconds in which the end of a stream is noticed that ended before the server opened another. */
const notice = 250;
/** Milliseconds until one is asked for again that the network failed. */
const again = 1_000;

/**
 * Resumes a stream. That the server took the id proves nothing: some replay into a stream that hears no more. So a fresh one
 * is asked for beside it. A server that refuses it, since it has one already, has the resumed one; from one that opens it, both
 * are heard, unless it opened it for the reason that the resumed one has dropped, too: then that is resumed once more. What it
 * has may also be the stream that dropped in the first place, so it is asked again later on.
 */
export function resume$({ from, open$, opened, judged, scheduler }: ResumeOptions): Observable<EventSourceMessage[]> {
  const agreed$ = new Subject<void>();
  let isBeside = false;
  let doubts = 0;

  const resumed$ = open$(from, () => {
    opened();
    agreed$.next();
  }).pipe(catchError((error: unknown) => (isBeside ? NEVER : throwError(() => error))));

  const hold$: Hold = (source$) =>
    timer(notice, scheduler).pipe(
      tap(() => {
        isBeside = true;
        judged(false);
      }),
      switchMap(() => source$),
    );

  const beside$ = open$(undefined, noop, hold$).pipe(
    retry({
      delay: (error: unknown) => {
        if (isBeside || endsSession(error)) throw error;
        // Nobody has answered, so that nothing is known yet; if the resumed stream is cut off as well, it says so itself.
        if (!isAnswer(error)) return timer(again, scheduler);
        if (doubts === 0) judged(error.status === 409);
        return timer(Math.min(firstDoubt * 2 ** doubts++, longestDoubt), scheduler);
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

function isAnswer(error: unknown): error is ConnectionFailedError {
  return error instanceof ConnectionFailedError && error.status !== undefined;
}
