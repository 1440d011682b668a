import {
  asapScheduler,
  catchError,
  defer,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  ReplaySubject,
  share,
  subscribeOn,
  switchMap,
  takeUntil,
  tap,
  throwError,
  timeout,
} from 'rxjs';
import { ConnectionFailedError, type MCPError } from '../../../errors';
import type { Gap } from '../../../notification/hub';
import { listChanged, type ListKind } from '../../../notification/listChanged';
import type { Notification, Prompt, Resource, ResourceTemplate, Tool } from '../../../protocol/types';
import { isMethodNotFound } from '../../../protocol/errorCodes';
import type { Connection } from '../../connection/connection';
import type { Lists } from './lists';
import { canNotify$, frozenWarning } from './canNotify';
import { isConnectionError, type PersistContext } from './persist';
import { refetchOn } from './refresh';

/** The live lists of a session. */
export interface LiveLists {
  readonly tools$: Observable<readonly Tool[]>;
  readonly prompts$: Observable<readonly Prompt[]>;
  readonly resources$: Observable<readonly Resource[]>;
  readonly resourceTemplates$: Observable<readonly ResourceTemplate[]>;
}

/** Creates each list on its first subscription, because most sessions of a large program have none. */
export function createLiveLists(lists: Lists, context: ListsContext): LiveLists {
  return {
    tools$: lazily$(() => liveList$('tools', lists.tools$(), context)),
    prompts$: lazily$(() => liveList$('prompts', lists.prompts$(), context)),
    resources$: lazily$(() => liveList$('resources', lists.resources$(), context)),
    resourceTemplates$: lazily$(() => liveList$('resources', lists.resourceTemplates$(), context)),
  };
}

function lazily$<T>(factory: () => Observable<T>): Observable<T> {
  let made$: Observable<T> | undefined;
  return defer(() => (made$ ??= factory()));
}

/** Dependencies of {@link createLiveLists}. */
export interface ListsContext extends PersistContext {
  notifications$: Observable<Notification>;
  connections$: Observable<Connection>;
  gaps$: Observable<Gap>;
  /** Reports a warning, once per message in the life of the session. */
  warnOnce(warning: MCPError): void;
}

/** Milliseconds that the server has to answer for a list that it does not declare. */
const undeclaredTimeoutMs = 10_000;

/**
 * A list of the server, kept current: the whole list, then again after each change, new connection and gap. Fetched once for
 * all subscribers, and not at all without one.
 *
 * @param kind - whose changes concern the list.
 * @param fetch$ - cold; fetches all pages of the list.
 */
export function liveList$<T>(kind: ListKind, fetch$: Observable<T[]>, context: ListsContext): Observable<readonly T[]> {
  const { notifications$, connections$, gaps$, ended$, scheduler, warnOnce } = context;
  // A server without the method has an empty list.
  const declared$ = fetch$.pipe(catchError((error: unknown) => (isMethodNotFound(error) ? of([]) : rethrow$(error))));
  // Some servers have lists that they do not declare, so these are fetched too, but a failure is an empty list.
  const undeclared$ = fetch$.pipe(
    timeout({ first: undeclaredTimeoutMs, scheduler, with: () => of([]) }),
    catchError((error: unknown) => (isUnreachable(error) ? rethrow$(error) : of([]))),
  );

  function current$({ capabilities }: Connection): Observable<readonly T[]> {
    const list$ = (capabilities[kind] ? declared$ : undeclared$).pipe(
      map((items): readonly T[] => Object.freeze(items)),
    );
    return merge(notifications$.pipe(listChanged(kind)), gaps$).pipe(
      refetchOn(list$, context),
      // A new connection and the gap before it come one right after the other: one fetch is enough for both.
      subscribeOn(asapScheduler),
    );
  }

  const warning$ = (connection: Connection): Observable<never> =>
    canNotify$(connection).pipe(
      tap((canNotify) => {
        if (!canNotify && connection.capabilities[kind]?.listChanged) warnOnce(frozenWarning());
      }),
      ignoreElements(),
    );

  return connections$.pipe(
    // A response of the previous connection will not arrive.
    switchMap((connection) => merge(current$(connection), warning$(connection))),
    takeUntil(ended$),
    share({
      // A late subscriber gets the current list. The list is dropped with the last subscriber.
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

/** Whether an error is about the connection, and not the server's answer. */
function isUnreachable(error: unknown): boolean {
  return isConnectionError(error) || (error instanceof ConnectionFailedError && error.status === undefined);
}
