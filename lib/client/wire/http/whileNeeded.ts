import { distinctUntilChanged, map, type Observable, of, switchMap } from 'rxjs';
import type { Demand, Hub } from '../../../notification/hub';
import type { EngineContext, StreamState } from '../../connection/connection';
import type { HttpOptions } from '../../connection/connector';

/** The states of the stream, which is open always, never, or while there is a subscription that only the stream can serve. */
export function whileNeeded$(
  listening$: Observable<StreamState>,
  mode: HttpOptions['listen'] = 'always',
  { hub, scheduler }: EngineContext,
): Observable<StreamState> {
  if (mode === 'always') return listening$;
  if (mode === false) return of<StreamState>({ listening: false, since: scheduler.now(), unavailable: true });
  const closed = (): StreamState => ({ listening: false, since: scheduler.now() });
  return isNeeded$(hub).pipe(switchMap((isNeeded) => (isNeeded ? listening$ : of(closed()))));
}

/** Emits whether there is a subscription that only the stream can serve, then each change. */
function isNeeded$({ demand$ }: Pick<Hub, 'demand$'>): Observable<boolean> {
  const isNeeded = (demand: Demand): boolean =>
    demand.all() || [demand.methods(), demand.uris(), demand.levels()].some((keys) => keys.length > 0);
  return demand$.pipe(map(isNeeded), distinctUntilChanged());
}
