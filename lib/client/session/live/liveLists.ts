import {
  catchError,
  from,
  defer,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  ReplaySubject,
  share,
  switchMap,
  takeUntil,
  tap,
  throwError,
} from 'rxjs';
import { ConnectionFailedError, type MCPError } from '../../../errors';
import type { Gap } from '../../../notification/hub';
import { listChanged, type ListKind } from '../../../notification/listChanged';
import { firstWithin } from '../../../operator/firstWithin';
import type { Notification, Prompt, Resource, ResourceTemplate, Tool } from '../../../protocol/types';
import { isMethodNotFound } from '../../../protocol/errorCodes';
import type { Connection } from '../../connection/connection';
import type { Lists } from './lists';
import { canNotify$, noUpdatesWarning, opensLate$ } from './canNotify';
import { refetchOn } from './refresh';
import { isConnectionError, type RetryContext } from './retryWhileOpen';

/** The live lists of a session. */
export interface LiveLists {
  readonly tools$: Observable<readonly Tool[]>;
  readonly prompts$: Observable<readonly Prompt[]>;
  readonly resources$: Observable<readonly Resource[]>;
  readonly resourceTemplates$: Observable<readonly ResourceTemplate[]>;
}

/**
 * Creates the live lists of a session. Each list is created on its first subscription, because many sessions use none.
 */
export function createLiveLists(lists: Lists, context: ListsContext): LiveLists {
  return {
    tools$: createOnce$(() => liveList$('tools', lists.tools$(), context)),
    prompts$: createOnce$(() => liveList$('prompts', lists.prompts$(), context)),
    resources$: createOnce$(() => liveList$('resources', lists.resources$(), context)),
    resourceTemplates$: createOnce$(() => liveList$('resources', lists.resourceTemplates$(), context)),
  };
}

function createOnce$<T>(factory: () => Observable<T>): Observable<T> {
  let created$: Observable<T> | undefined;
  return defer(() => (created$ ??= factory()));
}

/** Dependencies of {@link createLiveLists}. */
export interface ListsContext extends RetryContext {
  notifications$: Observable<Notification>;
  connections$: Observable<Connection>;
  gaps$: Observable<Gap>;
  /** Reports a warning, once per message for each session. */
  warnOnce(warning: MCPError): void;
}

/**
 * Timeout for fetching a list that the server does not declare, in milliseconds. After it, the list counts as empty.
 */
const undeclaredTimeoutMs = 10_000;

/**
 * Emits a complete list of the server, then the complete list again after each change, new connection and gap. Shared:
 * the list is fetched once for all subscribers, and only while there is at least one.
 *
 * @param kind - the kind of changes that affect the list.
 * @param fetch$ - fetches all pages of the list. Cold.
 */
export function liveList$<T>(kind: ListKind, fetch$: Observable<T[]>, context: ListsContext): Observable<readonly T[]> {
  const { notifications$, connections$, gaps$, ended$, scheduler, warnOnce } = context;
  // "Method not found" means an empty list.
  const declaredList$ = fetch$.pipe(
    catchError((error: unknown) => (isMethodNotFound(error) ? of([]) : rethrow$(error))),
  );
  // Some servers do not declare the lists that they have, so undeclared lists are fetched as well. A failure counts as
  // an empty list, unless the connection failed, or the list had items before and a proxy may have responded.
  let hadItems = false;
  const undeclaredList$ = fetch$.pipe(
    firstWithin(undeclaredTimeoutMs, scheduler, of([])),
    tap((items) => {
      hadItems ||= items.length > 0;
    }),
    catchError((error: unknown) =>
      isConnectionError(error) || (error instanceof ConnectionFailedError && (hadItems || error.status === undefined))
        ? rethrow$(error)
        : of([]),
    ),
  );

  function listOf$(connection: Connection): Observable<readonly T[]> {
    const list$ = (connection.capabilities[kind] ? declaredList$ : undeclaredList$).pipe(
      map((items): readonly T[] => Object.freeze(items)),
    );
    const refetched$ = merge(notifications$.pipe(listChanged(kind)), gaps$, opensLate$(connection)).pipe(
      refetchOn(list$, context),
    );
    // A new connection and the gap before it are emitted in the same tick. Deferring the fetch combines them.
    return from(Promise.resolve()).pipe(switchMap(() => refetched$));
  }

  const warnWithoutUpdates$ = (connection: Connection): Observable<never> =>
    canNotify$(connection).pipe(
      tap((canNotify) => {
        if (!canNotify && connection.capabilities[kind]?.listChanged) warnOnce(noUpdatesWarning());
      }),
      ignoreElements(),
    );

  return connections$.pipe(
    // Fetches on the previous connection are cancelled, because their responses cannot arrive.
    switchMap((connection) => merge(listOf$(connection), warnWithoutUpdates$(connection))),
    takeUntil(ended$),
    share({
      // A late subscriber receives the current list. When the last subscriber unsubscribes, the list is dropped.
      connector: () => new ReplaySubject<readonly T[]>(1),
      resetOnRefCountZero: true,
      resetOnComplete: true,
      resetOnError: true,
    }),
  );
}

function rethrow$(error: unknown): Observable<never> {
  return throwError(() => error);
}
