import {
  auditTime,
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  finalize,
  isObservable,
  map,
  merge,
  NEVER,
  type Observable,
  type ObservableInput,
  of,
  ReplaySubject,
  type SchedulerLike,
  share,
  Subject,
  take,
  takeUntil,
  tap,
} from 'rxjs';
import { HandlerError } from '../errors';
import { deferValue } from '../util/deferValue';
import { assertDefinitions, assertUnique, type ListingKeys, withoutDuplicates } from './assertDefinitions';
import type { Caller } from './caller';

/**
 * The source of a list of the server:
 *
 * - an array, for a list that never changes;
 * - an Observable of arrays, which is subscribed to once, while the server is open;
 * - a function that returns the list for a caller, as an array, a promise or an Observable. The result is subscribed to
 *   once per listening session.
 */
export type ListSource<T> =
  readonly T[] | Observable<readonly T[]> | ((caller: Caller) => ObservableInput<readonly T[]> | readonly T[]);

/** The kinds of lists of a server. */
export type ListKind = 'tools' | 'prompts' | 'resources';

/** The tools, prompts or resources of a server. */
export interface List<T> {
  /** Emits the current list for a caller and completes. */
  current$(caller: Caller, session?: object): Observable<readonly T[]>;
  /** Emits the current list for a caller, then the list again after each change. Never completes. */
  follow$(caller: Caller, session: object): Observable<readonly T[]>;
  /**
   * Emits when a list that all callers share has changed, coalesced. If each caller has its own list, emits only after
   * {@link List.changed}. `isManual` is `true` after {@link List.changed}: other nodes cannot detect such a change.
   */
  readonly changes$: Observable<{ isManual: boolean }>;
  /** Emits when the list for one session has changed, coalesced. `undefined` if all callers share the list. */
  changesOf$?: (caller: Caller, session: object) => Observable<void>;
  /** Announces a change that the source does not emit. */
  changed(): void;
}

export interface ListOptions {
  kind: ListKind;
  /** The period within which changes are combined, in milliseconds. */
  coalesce: number;
  scheduler: SchedulerLike;
  /** Emits when the server closes. */
  closed$: Observable<unknown>;
  onError: (error: Error) => void;
}

interface Listing<T> {
  items: readonly T[];
  json: string;
}

/**
 * Creates a {@link List}. A list has changed if its listed data differs. A different handler function does not count as
 * a change.
 */
export function createList<T extends { listing: ListingKeys }>(source: ListSource<T>, options: ListOptions): List<T> {
  const { kind, closed$, onError } = options;
  if (Array.isArray(source)) {
    assertDefinitions(kind, source);
    assertUnique(kind, source);
  }
  const manual$ = new Subject<void>();
  /** The list that each session received last. */
  const known = new WeakMap<object, Listing<T>>();
  const sharedBySession = new WeakMap<object, Observable<Listing<T>>>();

  /**
   * Validates a list. Reports an invalid list and returns `undefined`. Reports and removes definitions with the name or
   * URI of an earlier one.
   */
  function toListing(given: readonly T[]): Listing<T> | undefined {
    try {
      assertDefinitions(kind, given);
      const items = withoutDuplicates(given, (key) => {
        onError(new HandlerError(`${kind}: duplicate definition (${JSON.stringify(key)}; the first one is kept)`));
      });
      return { items, json: JSON.stringify(items.map(({ listing }) => listing)) };
    } catch (cause) {
      onError(new HandlerError(`${kind}: invalid list, the last list stays in effect`, { cause }));
      return undefined;
    }
  }

  /**
   * Emits each valid list. If the source completes or fails before its first list, emits an empty list. Never completes
   * before the server closes.
   */
  function listings$(source$: Observable<readonly T[]>): Observable<Listing<T>> {
    return defer(() => {
      let last: Listing<T> = { items: [], json: '[]' };
      return concat(
        source$.pipe(
          map((items) => (last = toListing(items) ?? last)),
          catchError((cause: unknown) => {
            onError(new HandlerError(`${kind}: the source failed, the last list stays in effect`, { cause }));
            return EMPTY;
          }),
        ),
        defer(() => of(last)),
        NEVER,
      ).pipe(takeUntil(closed$));
    });
  }

  if (typeof source === 'function') {
    const follow$ = (caller: Caller): Observable<Listing<T>> => listings$(deferValue(() => source(caller)));
    /** Returns the list for a session. All subscribers share one subscription to the source. */
    const shared$ = (caller: Caller, session: object): Observable<Listing<T>> => {
      const known$ = sharedBySession.get(session);
      if (known$) return known$;
      const created$ = replay(follow$(caller).pipe(finalize(() => sharedBySession.delete(session))));
      sharedBySession.set(session, created$);
      return created$;
    };
    return {
      current$: (caller, session) =>
        ((session && sharedBySession.get(session)) ?? follow$(caller)).pipe(
          take(1),
          tap((listing) => session && known.set(session, listing)),
          map(({ items }) => items),
        ),
      changes$: manual$.pipe(
        auditTime(options.coalesce, options.scheduler),
        map(() => ({ isManual: true })),
      ),
      follow$: (caller, session) => defer(() => shared$(caller, session)).pipe(map(({ items }) => items)),
      changesOf$: (caller, session) =>
        defer(() => changes$(shared$(caller, session), NEVER, options, known.get(session))).pipe(
          tap(({ listing }) => known.set(session, listing)),
          map(() => undefined),
        ),
      changed: () => manual$.next(),
    };
  }

  const shared$ = replay(listings$(isObservable(source) ? source : of(source)));
  shared$.subscribe();
  return {
    current$: () =>
      shared$.pipe(
        take(1),
        map(({ items }) => items),
      ),
    follow$: () => shared$.pipe(map(({ items }) => items)),
    changes$: changes$(shared$, manual$, options),
    changed: () => manual$.next(),
  };
}

function replay<T>(source$: Observable<T>): Observable<T> {
  return source$.pipe(
    share({
      connector: () => new ReplaySubject(1),
      resetOnRefCountZero: true,
      resetOnComplete: false,
      resetOnError: true,
    }),
  );
}

/** Emits the list when it differs from the last announced list, and after each emission of `manual$`. */
function changes$<T>(
  listings$: Observable<Listing<T>>,
  manual$: Observable<void>,
  { coalesce, scheduler }: ListOptions,
  known?: Listing<T>,
): Observable<{ listing: Listing<T>; isManual: boolean }> {
  return defer(() => {
    let announced = known;
    let latest = known;
    let isManual = false;
    return merge(
      listings$.pipe(
        tap((listing) => {
          latest = listing;
          announced ??= listing;
        }),
      ),
      manual$.pipe(tap(() => (isManual = true))),
    ).pipe(
      auditTime(coalesce, scheduler),
      map(() => latest && { listing: latest, isManual }),
      filter((change) => change !== undefined),
      filter(({ listing }) => isManual || listing.json !== announced?.json),
      tap(({ listing }) => {
        announced = listing;
        isManual = false;
      }),
    );
  });
}
