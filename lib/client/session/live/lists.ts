import { defer, EMPTY, expand, mergeMap, type Observable } from 'rxjs';
import { ServerError } from '../../../errors';
import type { Prompt, Resource, ResourceTemplate, ResultMap, Tool } from '../../../protocol/types';
import { maxPages } from '../../connection/limits';
import type { CallOptions } from '../callOptions';
import type { Calls } from '../calls';

/** Fetches the lists of a server. Cold: each subscription fetches all pages, and emits all items once. */
export interface Lists {
  tools$(options?: CallOptions): Observable<Tool[]>;
  prompts$(options?: CallOptions): Observable<Prompt[]>;
  resources$(options?: CallOptions): Observable<Resource[]>;
  resourceTemplates$(options?: CallOptions): Observable<ResourceTemplate[]>;
}

type ListMethod = 'tools/list' | 'prompts/list' | 'resources/list' | 'resources/templates/list';

export function createLists({ result$, withLimits }: Calls): Lists {
  function list$<M extends ListMethod, T>(
    method: M,
    itemsOf: (page: ResultMap[M]) => T[],
    options?: CallOptions,
  ): Observable<T[]> {
    const pageOptions = { ...options, timeout: Infinity, maxTotalTimeout: Infinity };
    return allPages$(
      method,
      (cursor) => result$({ method, params: cursor === undefined ? undefined : { cursor } }, pageOptions),
      itemsOf,
    ).pipe(withLimits(method, options));
  }

  return {
    tools$: (options) => list$('tools/list', ({ tools }) => tools, options),
    prompts$: (options) => list$('prompts/list', ({ prompts }) => prompts, options),
    resources$: (options) => list$('resources/list', ({ resources }) => resources, options),
    resourceTemplates$: (options) =>
      list$('resources/templates/list', ({ resourceTemplates }) => resourceTemplates, options),
  };
}

/** One page of a list. */
interface Page {
  nextCursor?: string;
}

/**
 * Fetches all pages of a list and emits their items as one array. Errors with a `ServerError` if the pagination does
 * not terminate.
 *
 * @param fetch$ - fetches the page at a cursor, or the first page if the cursor is `undefined`.
 */
function allPages$<P extends Page, T>(
  method: string,
  fetch$: (cursor: string | undefined) => Observable<P>,
  itemsOf: (page: P) => T[],
): Observable<T[]> {
  return defer(() => {
    const items: T[] = [];
    const cursors = new Set<string>();
    // Some servers send an empty cursor on the last page.
    const next$ = ({ nextCursor }: P): Observable<P> => {
      if (!nextCursor) return EMPTY;
      const isRepeated = cursors.has(nextCursor);
      cursors.add(nextCursor);
      if (isRepeated || cursors.size >= maxPages) {
        const reason = isRepeated ? 'repeated cursor' : `more than ${String(maxPages)} pages`;
        throw new ServerError(`${method}: pagination does not terminate (${reason})`, { data: { nextCursor } });
      }
      return fetch$(nextCursor);
    };
    return fetch$(undefined).pipe(
      expand(next$),
      mergeMap((page) => {
        for (const item of itemsOf(page)) items.push(item);
        return page.nextCursor ? EMPTY : [items];
      }),
    );
  });
}
