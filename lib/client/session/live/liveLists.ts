import {
  asapScheduler,
  catchError,
  defer,
  map,
  merge,
  type Observable,
  of,
  ReplaySubject,
  share,
  subscribeOn,
  switchMap,
  takeUntil,
} from 'rxjs';
import type { Gap } from '../../../notification/hub';
import { listChanged, type ListKind } from '../../../notification/listChanged';
import type { Notification, Prompt, Resource, ResourceTemplate, Tool } from '../../../protocol/types';
import { isMethodNotFound } from '../../../protocol/errorCodes';
import type { Connection } from '../../connection/connection';
import type { Lists } from './lists';
import type { PersistContext } from './persist';
import { refetchOn } from './refresh';

/** The live lists of a session. */
export interface LiveLists {
  readonly tools$: Observable<readonly Tool[]>;
  readonly prompts$: Observable<readonly Prompt[]>;
  readonly resources$: Observable<readonly Resource[]>;
  readonly resourceTemplates$: Observable<readonly ResourceTemplate[]>;
}

/** Each list is put together when somebody first subscribes: of a thousand sessions, most have none that is watched. */
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

/** What live lists need of a session. */
export interface ListsContext extends PersistContext {
  notifications$: Observable<Notification>;
  connections$: Observable<Connection>;
  gaps$: Observable<Gap>;
}

/**
 * A list of the server, kept current: whole, then again after each change, reconnection and gap. It is fetched once for
 * all who watch, and not at all when nobody does.
 *
 * @param kind - whose changes concern it.
 * @param fetch$ - cold; gets the list, all pages of it.
 */
export function liveList$<T>(kind: ListKind, fetch$: Observable<T[]>, context: ListsContext): Observable<readonly T[]> {
  const { notifications$, connections$, gaps$, ended$ } = context;
  const list$ = fetch$.pipe(
    // A server without such a list is one whose list is empty.
    catchError((error: unknown) => {
      if (isMethodNotFound(error)) return of([]);
      throw error;
    }),
    map((items): readonly T[] => Object.freeze(items)),
  );
  const current$ = merge(notifications$.pipe(listChanged(kind)), gaps$).pipe(
    refetchOn(list$, context),
    // A new connection and the gap before it are told one right after the other: one fetch will do for both.
    subscribeOn(asapScheduler),
  );
  return connections$.pipe(
    // What was asked for on the connection before will not come any more.
    switchMap(() => current$),
    takeUntil(ended$),
    share({
      // A late subscriber gets the current list; with the last one to leave, it is forgotten.
      connector: () => new ReplaySubject<readonly T[]>(1),
      resetOnRefCountZero: true,
      resetOnComplete: true,
      resetOnError: true,
    }),
  );
}
