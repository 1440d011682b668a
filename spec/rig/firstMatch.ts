import { filter, firstValueFrom, type Observable } from 'rxjs';

/** Resolves with the first matching value. */
export const firstMatch = <T>(source$: Observable<T>, fits: (value: T) => boolean): Promise<T> =>
  firstValueFrom(source$.pipe(filter(fits)));
