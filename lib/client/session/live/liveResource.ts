import {
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  interval,
  map,
  merge,
  type Observable,
  of,
  ReplaySubject,
  share,
  Subject,
  switchMap,
  takeUntil,
  tap,
  throttleTime,
} from 'rxjs';
import { ServerError } from '../../../errors';
import { resourceUpdated } from '../../../notification/resourceUpdated';
import type { ReadResourceResult } from '../../../protocol/types';
import { maxTimerDelay } from '../../../util/maxDelay';
import { assertOptions, isDuration } from '../../../util/options';
import { isMethodNotFound } from '../../../protocol/errorCodes';
import type { Connection } from '../../connection/connection';
import type { ListsContext } from './liveLists';
import { retryWhileOpen } from './persist';
import { refetchOn, minRefetchIntervalMs } from './refresh';
import type { ResourceSubscriptions } from './resourceSubscriptions';

/** The contents of a resource, as `resources/read` has them: several, for one that is made of several. */
export type ResourceContents = ReadResourceResult['contents'];

/** How a resource is watched. */
export interface ResourceOptions {
  /**
   * Milliseconds between readings where the server can not tell of updates. Default: it is then read once. Who comes first
   * decides for all who watch the same URI.
   */
  pollInterval?: number;
}

/** What live resources need of a session. */
export interface ResourcesContext extends ListsContext {
  subscriptions: ResourceSubscriptions;
  /** Cold; reads a resource. */
  read$(uri: string): Observable<ReadResourceResult>;
}

/** Watches a resource; see `MCPSession.resource$`. */
export type WatchResource = (uri: string, options?: ResourceOptions) => Observable<Readonly<ResourceContents>>;

/** One subscription on the server and one reading for all who watch a URI, for as long as somebody does. */
export function createWatchResource(context: ResourcesContext): WatchResource {
  const { notifications$, connections$, gaps$, subscriptions, read$, report, ended$, scheduler } = context;
  const shared = new Map<string, Observable<Readonly<ResourceContents>>>();

  function watch$(uri: string, pollInterval?: number): Observable<Readonly<ResourceContents>> {
    return defer(() => {
      const done$ = new Subject<void>();
      let hasContents = false;
      const isFatal = (error: unknown): boolean => !hasContents && error instanceof ServerError;

      /** Emits whether the server will tell of updates. */
      const asked$ = (connection: Connection): Observable<boolean> =>
        defer(() => subscriptions.enter(connection, uri)).pipe(
          map(() => true),
          catchError((error: unknown) => {
            if (!isMethodNotFound(error)) throw error;
            if (pollInterval === undefined) report(notSubscribableError(uri, error));
            return of(false);
          }),
          retryWhileOpen(context, isFatal),
        );

      const contents$ = read$(uri).pipe(map(({ contents }): Readonly<ResourceContents> => Object.freeze(contents)));
      const updated$ = merge(notifications$.pipe(resourceUpdated(uri)), gaps$);
      const end$ = defer(() => {
        done$.next();
        return EMPTY;
      });

      function read$By(isTold: boolean): Observable<Readonly<ResourceContents>> {
        if (isTold) return updated$.pipe(refetchOn(contents$, context, { isFatal }));
        if (pollInterval === undefined) return concat(contents$.pipe(retryWhileOpen(context, isFatal)), end$);
        // How often it is read is for the user to say; what the server tells all the same is not to add much.
        const rare$ = updated$.pipe(throttleTime(minRefetchIntervalMs, scheduler, { leading: true, trailing: true }));
        return merge(rare$, interval(Math.min(pollInterval, maxTimerDelay), scheduler)).pipe(
          refetchOn(contents$, context, { isFatal, rest: 0 }),
        );
      }

      return connections$.pipe(
        switchMap((connection) => asked$(connection).pipe(switchMap(read$By))),
        tap(() => {
          hasContents = true;
        }),
        takeUntil(merge(done$, ended$)),
      );
    });
  }

  return (uri, options = {}) =>
    defer(() => {
      assertOptions(options, { pollInterval: isDuration() });
      const known$ = shared.get(uri);
      if (known$) return known$;
      const fresh$ = watch$(uri, options.pollInterval).pipe(
        finalize(() => {
          shared.delete(uri);
          subscriptions.leave(uri);
        }),
        share({
          connector: () => new ReplaySubject<Readonly<ResourceContents>>(1),
          resetOnRefCountZero: true,
          resetOnComplete: true,
          resetOnError: true,
        }),
      );
      shared.set(uri, fresh$);
      return fresh$;
    });
}

function notSubscribableError(uri: string, cause: ServerError): ServerError {
  return new ServerError(`${uri}: the server can not tell of updates; read once`, { code: cause.code, cause });
}
