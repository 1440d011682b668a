import { EMPTY, lastValueFrom, NEVER, scan, takeUntil, takeWhile, type Observable } from 'rxjs';
import { chunksOf } from './chunksOf';

/**
 * The whole text of a body, or as much of it as there is when it has become longer than `bound` characters, or when `enough$`
 * emits. What is left of it is cancelled.
 */
export function textOf({ body }: Response, bound: number, enough$: Observable<unknown> = NEVER): Promise<string> {
  const chunks$ = body ? chunksOf(body) : EMPTY;
  const text$ = chunks$.pipe(
    scan((text, chunk) => text + chunk, ''),
    takeWhile((text) => text.length <= bound, true),
    takeUntil(enough$),
  );
  return lastValueFrom(text$, { defaultValue: '' });
}
