import { EMPTY, lastValueFrom, scan, takeWhile } from 'rxjs';
import { chunksOf } from './chunksOf';

/** The whole text of a body, or as much of it as there is when it has become longer than `bound` characters. */
export function textOf({ body }: Response, bound: number): Promise<string> {
  const chunks$ = body ? chunksOf(body) : EMPTY;
  const text$ = chunks$.pipe(
    scan((text, chunk) => text + chunk, ''),
    takeWhile((text) => text.length <= bound, true),
  );
  return lastValueFrom(text$, { defaultValue: '' });
}
