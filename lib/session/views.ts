import { defer, type Observable } from 'rxjs';
import type { Prompt, Resource, ResourceTemplate, Tool } from '../protocol/types';
import { liveList$, type ListsContext } from './liveList';
import type { Lists } from './lists';

/** The live lists of a session. */
export interface Views {
  readonly tools$: Observable<readonly Tool[]>;
  readonly prompts$: Observable<readonly Prompt[]>;
  readonly resources$: Observable<readonly Resource[]>;
  readonly resourceTemplates$: Observable<readonly ResourceTemplate[]>;
}

/** Each list is put together when somebody first subscribes: of a thousand sessions, most have none that is watched. */
export function createViews(lists: Lists, context: ListsContext): Views {
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
