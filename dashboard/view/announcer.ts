import { distinctUntilChanged, from, map, merge, mergeMap, skip } from 'rxjs';
import { phaseOf } from '../model/phase';
import type { Board } from './board';
import { byId } from './byId';

/** Announces reconnections, losses and gaps to screen readers. */
export function announcer({ sessions }: Board): void {
  const place = byId('announcer', HTMLElement);
  from(sessions)
    .pipe(
      mergeMap(([name, session]) =>
        merge(
          session.status$.pipe(
            map(phaseOf),
            distinctUntilChanged(),
            skip(1),
            map((phase) => `${name} is ${phase === 'notListening' ? 'connected, but not listening' : phase}`),
          ),
          session.gaps$.pipe(map(() => `notifications of ${name} may have been missed`)),
        ),
      ),
    )
    .subscribe((text) => {
      place.textContent = text;
    });
}
