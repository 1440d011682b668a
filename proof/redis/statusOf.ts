import { filter, firstValueFrom, type Observable } from 'rxjs';

/** Resolves once a backplane can reach its store. */
export async function isUp({ status$ }: { status$: Observable<'up' | 'down'> }): Promise<void> {
  await firstValueFrom(status$.pipe(filter((status) => status === 'up')));
}

/** Resolves once a backplane has noticed that it cannot. */
export async function isDown({ status$ }: { status$: Observable<'up' | 'down'> }): Promise<void> {
  await firstValueFrom(status$.pipe(filter((status) => status === 'down')));
}
