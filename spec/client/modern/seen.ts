import { filter, firstValueFrom, type Observable } from 'rxjs';

/** The first value that fits, now or later. */
export const seen = <T>(source$: Observable<T>, fits: (value: T) => boolean): Promise<T> =>
  firstValueFrom(source$.pipe(filter(fits)));
