import {
  auditTime,
  catchError,
  defer,
  distinctUntilChanged,
  EMPTY,
  finalize,
  map,
  merge,
  NEVER,
  type Observable,
  ReplaySubject,
  type SchedulerLike,
  share,
  skip,
  concat,
  take,
  tap,
} from 'rxjs';
import { HandlerError } from '../errors';
import type { ReadResourceResult } from '../protocol/types';
import type { ResourceDefinition } from './resource';

/** The sources of resources, shared by all readers and subscribers. */
export interface ResourceStreams {
  /** Reads a resource: emits the latest value, or waits for the first one, and completes. */
  read$(target: ResourceTarget): Observable<ReadResourceResult>;
  /**
   * Keeps the source running while subscribed. Emits the first value as JSON, then each change, coalesced. For a source
   * that all callers share, {@link ResourceStreamsOptions.onUpdate} is called once per change. Completes if the source
   * fails.
   */
  states$(target: ResourceTarget): Observable<string>;
}

/** A URI of a resource, for one caller or for all callers. */
export interface ResourceTarget {
  readonly uri: string;
  readonly definition: ResourceDefinition;
  /** Identifies the caller, for a source that runs once per caller. */
  readonly scope: string;
  open$(): Observable<unknown>;
}

export interface ResourceStreamsOptions {
  /** The period within which changes of a resource are combined, in milliseconds. */
  coalesce: number;
  scheduler: SchedulerLike;
  /** Called after each change of a resource that all callers share. */
  onUpdate: (uri: string) => void;
  onError: (error: Error) => void;
}

interface Entry {
  readonly results$: Observable<{ result: ReadResourceResult; json: string }>;
  readonly changes$: Observable<string>;
  subscribers: number;
}

/**
 * Creates {@link ResourceStreams}. A source runs while it has a reader or a subscriber. After an error, the next one
 * restarts it.
 */
export function createResourceStreams(options: ResourceStreamsOptions): ResourceStreams {
  const entries = new WeakMap<ResourceDefinition, Map<string, Entry>>();

  function create({ uri, definition, open$ }: ResourceTarget): Entry {
    const results$ = defer(open$).pipe(
      map((value) => definition.resultOf(uri, value)),
      map((result) => ({ result, json: JSON.stringify(result) })),
      distinctUntilChanged((one, other) => one.json === other.json),
      tap({
        error: (cause: unknown) => options.onError(new HandlerError(`resource ${uri}: the source failed`, { cause })),
      }),
      share({
        connector: () => new ReplaySubject(1),
        resetOnRefCountZero: true,
        resetOnComplete: false,
        resetOnError: true,
      }),
    );
    const changes$ = concat(results$, NEVER).pipe(
      skip(1),
      auditTime(options.coalesce, options.scheduler),
      map(({ json }) => json),
      tap(() => {
        if (!definition.isPerCaller) options.onUpdate(uri);
      }),
      share({ resetOnRefCountZero: true, resetOnComplete: true, resetOnError: true }),
    );
    return { results$, changes$, subscribers: 0 };
  }

  function shared$<T>(target: ResourceTarget, select$: (entry: Entry) => Observable<T>): Observable<T> {
    const { definition, uri, scope } = target;
    const key = definition.isPerCaller ? `${scope} ${uri}` : uri;
    return defer(() => {
      const known = entries.get(definition) ?? new Map<string, Entry>();
      entries.set(definition, known);
      const entry = known.get(key) ?? create(target);
      known.set(key, entry);
      entry.subscribers++;
      return select$(entry).pipe(
        finalize(() => {
          // Keep the last value of a completed source, except for URIs of a template: clients choose those, so there
          // may be many.
          if (--entry.subscribers === 0 && ('uriTemplate' in definition.listing || definition.isPerCaller))
            known.delete(key);
        }),
      );
    });
  }

  return {
    read$: (target) =>
      shared$(target, ({ results$ }) => results$).pipe(
        take(1),
        map(({ result }) => result),
      ),
    states$: (target) =>
      shared$(target, ({ results$, changes$ }) =>
        merge(
          results$.pipe(
            take(1),
            map(({ json }) => json),
          ),
          changes$,
        ).pipe(catchError(() => EMPTY)),
      ),
  };
}
