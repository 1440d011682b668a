import {
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  interval,
  map,
  merge,
  ReplaySubject,
  share,
  startWith,
  Subject,
  switchMap,
  takeUntil,
  tap,
  type Observable,
} from 'rxjs';
import { backoffWaits } from '../connection/backoff';
import type { Connection } from '../connection/connection';
import { retryBy } from '../connection/waits';
import { ServerError } from '../errors';
import type { Gap } from '../notification/gap';
import { resourceUpdated } from '../notification/resourceUpdated';
import type { Notification, ReadResourceResult } from '../protocol';
import { isOutage } from './isOutage';
import { refresh, type RefreshContext } from './refresh';
import type { Subscriptions } from './subscriptions';

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
export interface ResourcesContext extends RefreshContext {
  notifications$: Observable<Notification>;
  connections$: Observable<Connection>;
  gaps$: Observable<Gap>;
  subscriptions: Subscriptions;
  /** Cold; reads a resource. */
  read$(uri: string): Observable<ReadResourceResult>;
}

/** Watches a resource; see `MCPSession.resource$`. */
export type WatchResource = (uri: string, options?: ResourceOptions) => Observable<Readonly<ResourceContents>>;

/** The JSON-RPC code for a method that a server does not have. */
const methodNotFound = -32601;

/** One subscription on the server and one reading for all who watch a URI, for as long as somebody does. */
export function createWatchResource(context: ResourcesContext): WatchResource {
  const { notifications$, connections$, gaps$, subscriptions, read$, report, ended$, scheduler } = context;
  const shared = new Map<string, Observable<Readonly<ResourceContents>>>();

  function watch$(uri: string, pollInterval?: number): Observable<Readonly<ResourceContents>> {
    return defer(() => {
      const done$ = new Subject<void>();
      let hasContents = false;
      const contents$ = read$(uri).pipe(map(({ contents }): Readonly<ResourceContents> => Object.freeze(contents)));
      const readAgain = refresh(contents$, context, (error) => !hasContents && error instanceof ServerError);

      const updated$ = merge(notifications$.pipe(resourceUpdated(uri)), gaps$);
      const polled$ = pollInterval === undefined ? undefined : interval(pollInterval, scheduler);
      const once$ = concat(
        contents$,
        defer(() => {
          done$.next();
          return EMPTY;
        }),
      );

      function unsubscribable$(error: unknown): Observable<Readonly<ResourceContents>> {
        if (!(error instanceof ServerError) || error.code !== methodNotFound) throw error;
        if (polled$) return polled$.pipe(startWith(0), readAgain);
        report(
          new ServerError(`${uri}: the server can not tell of updates; read once`, { code: error.code, cause: error }),
        );
        return once$;
      }

      return connections$.pipe(
        switchMap((connection) =>
          defer(() => subscriptions.enter(connection, uri)).pipe(
            retryBy(
              () => backoffWaits({ isRetryable: isOutage, scheduler }),
              () => undefined,
            ),
            switchMap(() => updated$.pipe(startWith(undefined), readAgain)),
            catchError(unsubscribable$),
          ),
        ),
        tap(() => {
          hasContents = true;
        }),
        takeUntil(merge(done$, ended$)),
      );
    });
  }

  return (uri, { pollInterval } = {}) =>
    defer(() => {
      const known$ = shared.get(uri);
      if (known$) return known$;
      const fresh$ = watch$(uri, pollInterval).pipe(
        finalize(() => {
          shared.delete(uri);
          subscriptions.leave(uri);
        }),
        share({ connector: () => new ReplaySubject<Readonly<ResourceContents>>(1), resetOnRefCountZero: true }),
      );
      shared.set(uri, fresh$);
      return fresh$;
    });
}
