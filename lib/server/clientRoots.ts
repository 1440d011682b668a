import {
  catchError,
  defer,
  EMPTY,
  map,
  merge,
  type Observable,
  ReplaySubject,
  share,
  startWith,
  Subject,
  switchMap,
  takeUntil,
  throwError,
} from 'rxjs';
import { HandlerError } from '../errors';
import type { Root } from '../protocol/types';
import { rootsOf, unsupported } from './clientAnswers';
import type { LiveSession, SessionHost } from './serverSession';
import { supports } from './supports';

/** The roots of the client of a session. */
export interface ClientRoots {
  readonly roots$: Observable<readonly Root[]>;
  /** Emitting requests the roots again, if there is a subscriber. */
  readonly changed$: Subject<void>;
}

/** Creates the {@link ClientRoots} of a session. All subscribers share one request. */
export function createClientRoots(session: LiveSession, { recovered$, onError }: SessionHost): ClientRoots {
  const changed$ = new Subject<void>();
  const latest$ = merge(changed$, recovered$).pipe(
    startWith(undefined),
    switchMap(() =>
      session.answer$('roots/list', {}).pipe(
        map((answer) => rootsOf(answer, onError)),
        catchError((cause: unknown) => {
          onError(new HandlerError('roots$: requesting the roots failed', { cause }));
          return EMPTY;
        }),
      ),
    ),
    takeUntil(session.ended$),
    share({
      connector: () => new ReplaySubject(1),
      resetOnRefCountZero: true,
      resetOnComplete: false,
      resetOnError: true,
    }),
  );
  const roots$ = defer(() =>
    supports(session.record.capabilities, 'roots/list') ? latest$ : throwError(() => unsupported('roots/list')),
  );
  return { roots$, changed$ };
}
