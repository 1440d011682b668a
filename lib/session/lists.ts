import type { Observable } from 'rxjs';
import type { Prompt, Resource, ResourceTemplate, ResultMap, Tool } from '../protocol/types';
import { allPages$ } from './allPages';
import type { CallOptions } from './callOptions';
import type { Calls } from './calls';

/** The lists of a server: cold, each subscription gets all pages of it. */
export interface Lists {
  tools$(options?: CallOptions): Observable<Tool[]>;
  prompts$(options?: CallOptions): Observable<Prompt[]>;
  resources$(options?: CallOptions): Observable<Resource[]>;
  resourceTemplates$(options?: CallOptions): Observable<ResourceTemplate[]>;
}

type ListMethod = 'tools/list' | 'prompts/list' | 'resources/list' | 'resources/templates/list';

/** See {@link Lists}. */
export function createLists({ request$, inAll }: Calls): Lists {
  function list$<M extends ListMethod, T>(
    method: M,
    itemsOf: (page: ResultMap[M]) => T[],
    options?: CallOptions,
  ): Observable<T[]> {
    return allPages$(
      (cursor) => request$({ method, params: cursor === undefined ? undefined : { cursor } }, options),
      itemsOf,
    ).pipe(inAll(method, options));
  }

  return {
    tools$: (options) => list$('tools/list', ({ tools }) => tools, options),
    prompts$: (options) => list$('prompts/list', ({ prompts }) => prompts, options),
    resources$: (options) => list$('resources/list', ({ resources }) => resources, options),
    resourceTemplates$: (options) =>
      list$('resources/templates/list', ({ resourceTemplates }) => resourceTemplates, options),
  };
}
