import { defer, EMPTY, expand, map, toArray, type Observable } from 'rxjs';
import { ServerError } from '../errors';
import { rpcCode } from '../protocol/errorCodes';

/** One page of a list. */
interface Page {
  nextCursor?: string;
}

/** How many pages a list may have. A server that hands out ever new cursors would go on for ever. */
const mostPages = 10_000;

/**
 * The items of all pages of a list, put together.
 *
 * @param fetch$ - gets the page at a cursor; without one, the first.
 */
export function allPages$<P extends Page, T>(
  fetch$: (cursor: string | undefined) => Observable<P>,
  itemsOf: (page: P) => T[],
): Observable<T[]> {
  return defer(() => {
    const cursors = new Set<string>();
    const next$ = ({ nextCursor }: P): Observable<P> => {
      // Some servers send an empty one where they have no more.
      if (!nextCursor) return EMPTY;
      if (cursors.has(nextCursor) || cursors.size >= mostPages) {
        throw new ServerError('the pages of the list do not end', {
          code: rpcCode.internalError,
          data: { nextCursor },
        });
      }
      cursors.add(nextCursor);
      return fetch$(nextCursor);
    };
    return fetch$(undefined).pipe(
      expand(next$),
      toArray(),
      map((pages) => pages.flatMap(itemsOf)),
    );
  });
}
