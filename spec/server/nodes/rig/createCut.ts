import { type Backplane, ConnectionLostError } from 'rx-mcp/server';
import { BehaviorSubject, filter, merge, map, skip } from 'rxjs';

/** A node's connection to a shared store, which can be cut and restored. */
export interface Cut {
  readonly backplane: Backplane;
  cut(): void;
  restore(): void;
}

/** Creates a connection to a store. While it is cut, requests reject, and no wake-ups or messages arrive. */
export function createCut(shared: Backplane): Cut {
  const status$ = new BehaviorSubject<'up' | 'down'>('up');
  const isUp = (): boolean => status$.value === 'up';
  const request =
    <A extends unknown[], R>(send: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      isUp() ? send(...args) : Promise.reject(new ConnectionLostError('store: not connected'));
  const restored$ = status$.pipe(skip(1), filter(isUp));

  return {
    backplane: {
      status$,
      last: request(shared.last),
      append: request(shared.append),
      range: request(shared.range),
      publish: request(shared.publish),
      get: request(shared.get),
      set: request(shared.set),
      delete: request(shared.delete),
      alive: request(shared.alive),
      wake$: (log) => merge(shared.wake$(log).pipe(filter(isUp)), restored$.pipe(map(() => undefined))),
      on$: (channel) => shared.on$(channel).pipe(filter(isUp)),
    },
    cut: () => status$.next('down'),
    restore: () => status$.next('up'),
  };
}
