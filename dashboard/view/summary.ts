import { combineLatest, map, scan, startWith, throttleTime } from 'rxjs';
import type { Board } from './board';
import { byId } from './byId';
import { el } from './el';

/** Shows the totals of all servers. */
export function summary({ client, sessions }: Board): void {
  const list = byId('summary', HTMLElement);
  const received$ = client.notifications$.pipe(
    scan((count) => count + 1, 0),
    startWith(0),
    throttleTime(250, undefined, { leading: true, trailing: true }),
  );
  const listening$ = client.status$.pipe(
    map((statuses) => [...statuses.values()].filter((each) => each.state === 'connected' && each.listening).length),
  );
  combineLatest([listening$, received$]).subscribe(([listening, received]) => {
    list.replaceChildren(
      fact('listening', `${listening} of ${sessions.size}`),
      fact('notifications', received.toLocaleString('en')),
    );
  });
}

const fact = (what: string, value: string): HTMLElement => el('div', {}, el('dt', {}, what), el('dd', {}, value));
