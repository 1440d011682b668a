import { combineLatest, fromEvent, map, type Observable, scan, startWith } from 'rxjs';
import type { Board } from './board';
import { byId } from './byId';
import { el } from './el';
import { tint } from './tint';

/** Shows a switch for each server. Emits the servers that are switched off. */
export function serverChips({ sessions }: Board): Observable<ReadonlySet<string>> {
  const names = [...sessions.keys()];
  const group = byId('feed-servers', HTMLElement);
  const hidden$ = names.map((name) => {
    const chip = el('button', { type: 'button', class: 'chip', 'data-tint': tint(names, name) }, name);
    group.append(chip);
    return fromEvent(chip, 'click').pipe(
      scan((isShown) => !isShown, true),
      startWith(true),
      map((isShown) => {
        chip.setAttribute('aria-pressed', String(isShown));
        return isShown ? [] : [name];
      }),
    );
  });
  return combineLatest(hidden$).pipe(map((lists) => new Set(lists.flat())));
}
