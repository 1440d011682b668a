import {
  catchError,
  concat,
  connect,
  defer,
  distinctUntilChanged,
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
  timer,
} from 'rxjs';
import { ServerError } from '../../../errors';
import { resourceUpdated } from '../../../notification/resourceUpdated';
import { uriKey } from '../../../notification/uri';
import { errorCode } from '../../../protocol/errorCodes';
import type { BlobResourceContents, ReadResourceResult, TextResourceContents } from '../../../protocol/types';
import { maxTimerDelay } from '../../../util/maxDelay';
import type { Connection } from '../../connection/connection';
import { canNotify$, noUpdatesWarning, opensLate$ } from './canNotify';
import type { ListsContext } from './liveLists';
import { minRefetchIntervalMs, refetchOn } from './refresh';
import type { ResourceSubscriptions } from './resourceSubscriptions';
import { retryWhileOpen } from './retryWhileOpen';

/**
 * The contents of a resource: the `contents` of a `resources/read` result. An array, because a resource may have
 * several parts.
 */
export type ResourceContents = (TextResourceContents | BlobResourceContents)[];

/** Dependencies of {@link createWatchResource}. */
export interface ResourcesContext extends ListsContext {
  subscriptions: ResourceSubscriptions;
  /** Reads a resource. Cold. */
  read$(uri: string): Observable<ReadResourceResult>;
}

/**
 * The reason why updates cannot arrive, or `undefined` if they can. `'pending'`: the server has not responded to
 * `resources/subscribe` yet.
 */
type Obstacle = ServerError | 'pending' | undefined;

/** How long to wait for the response to `resources/subscribe` before the resource is read, in milliseconds. */
const pendingAfterMs = 1_000;

/**
 * The type of {@link MCPSession.resource$}.
 *
 * @param pollInterval - the option, validated.
 */
export type WatchResource = (uri: string, pollInterval: number | undefined) => Observable<Readonly<ResourceContents>>;

/**
 * Creates the `resource$` function of a session. All subscribers of a URI share one subscription on the server and one
 * read per update.
 */
export function createWatchResource(context: ResourcesContext): WatchResource {
  const { notifications$, connections$, gaps$, subscriptions, read$, report, warnOnce, ended$, scheduler } = context;
  const sharedByUri = new Map<string, Observable<Readonly<ResourceContents>>>();

  function watch$(uri: string, pollInterval: number | undefined): Observable<Readonly<ResourceContents>> {
    return defer(() => {
      const done$ = new Subject<void>();
      let hasContents = false;
      let wasSubscribed = false;
      const isFatal = (error: unknown): boolean => !hasContents && error instanceof ServerError;
      const contents$ = read$(uri).pipe(map(({ contents }): Readonly<ResourceContents> => Object.freeze(contents)));
      const updated$ = merge(notifications$.pipe(resourceUpdated(uri, { subresources: true })), gaps$);

      /** Emits the current {@link Obstacle}, then each change. */
      const obstacle$ = (connection: Connection): Observable<Obstacle> =>
        canNotify$(connection).pipe(
          switchMap((canNotify) => {
            if (!supportsSubscriptions(connection)) return of(unsupportedError());
            return canNotify ? subscribed$(connection) : of(noUpdatesWarning());
          }),
        );

      const accepted$ = (connection: Connection): Observable<ServerError | undefined> =>
        defer(() => subscriptions.acquire(connection, uri)).pipe(
          map(() => {
            wasSubscribed = true;
            return undefined;
          }),
          catchError((error: unknown) => {
            // If the server accepted the subscription before, the rejection may be temporary, so it is retried.
            if (error instanceof ServerError && !wasSubscribed) return of(rejectedError(uri, error));
            throw error;
          }),
          retryWhileOpen(context),
        );

      /**
       * If the server does not respond within {@link pendingAfterMs}, emits `'pending'`, so that the resource is read
       * in the meantime.
       */
      const subscribed$ = (connection: Connection): Observable<Obstacle> =>
        accepted$(connection).pipe(
          connect((outcome$) =>
            merge(
              outcome$,
              timer(pendingAfterMs, scheduler).pipe(
                map(() => 'pending' as const),
                takeUntil(outcome$),
              ),
            ),
          ),
        );

      const views$ = (connection: Connection) => (obstacle: Obstacle) => {
        if (!obstacle || obstacle === 'pending')
          return merge(updated$, opensLate$(connection)).pipe(refetchOn(contents$, context, { isFatal }));
        if (pollInterval !== undefined) return polled$(pollInterval);
        const end$ = defer(() => {
          if (obstacle.cause === undefined) warnOnce(obstacle);
          else report(obstacle);
          done$.next();
          return EMPTY;
        });
        return concat(contents$.pipe(retryWhileOpen(context, isFatal)), end$);
      };

      function polled$(period: number): Observable<Readonly<ResourceContents>> {
        // Updates that arrive anyway cause additional reads. They do not change the polling interval.
        const updates$ = updated$.pipe(
          throttleTime(minRefetchIntervalMs, scheduler, { leading: true, trailing: true }),
        );
        return merge(updates$, interval(Math.min(period, maxTimerDelay), scheduler)).pipe(
          refetchOn(contents$, context, { isFatal, minIntervalMs: 0 }),
        );
      }

      return connections$.pipe(
        switchMap((connection) => obstacle$(connection).pipe(distinctUntilChanged(), switchMap(views$(connection)))),
        tap(() => {
          hasContents = true;
        }),
        takeUntil(merge(done$, ended$)),
      );
    });
  }

  return (uri, pollInterval) => {
    const key = uriKey(uri);
    const existing$ = sharedByUri.get(key);
    if (existing$) return existing$;
    const shared$ = watch$(uri, pollInterval).pipe(
      finalize(() => {
        sharedByUri.delete(key);
        subscriptions.release(uri);
      }),
      share({
        connector: () => new ReplaySubject<Readonly<ResourceContents>>(1),
        resetOnRefCountZero: true,
        resetOnComplete: true,
        resetOnError: true,
      }),
    );
    sharedByUri.set(key, shared$);
    return shared$;
  };
}

/**
 * Whether a server may accept resource subscriptions. From protocol 2026-07-28 on, the server decides for each
 * resource.
 */
function supportsSubscriptions({ protocolEra, capabilities }: Connection): boolean {
  return protocolEra === 'modern' || capabilities.resources?.subscribe === true;
}

function unsupportedError(): ServerError {
  const message =
    'resource$: the server does not support resource subscriptions; resources update only with pollInterval';
  return new ServerError(message, { code: errorCode.methodNotFound });
}

function rejectedError(uri: string, cause: ServerError): ServerError {
  return new ServerError(
    `resource$: the server rejected the subscription to ${uri}, so it updates only with pollInterval (${cause.message})`,
    {
      code: cause.code,
      cause,
    },
  );
}
