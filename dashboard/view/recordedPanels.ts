import {
  animationFrameScheduler,
  auditTime,
  distinctUntilChanged,
  EMPTY,
  map,
  scan,
  share,
  switchMap,
  withLatestFrom,
} from 'rxjs';
import { elapsed } from '../model/elapsed';
import type { OpenedRecording } from '../model/openedRecording';
import { type RecordedState, stateAfter } from '../model/recordedState';
import { cut } from '../model/text';
import type { Board } from './board';
import { byId } from './byId';
import { callRow } from './callRow';
import { el } from './el';
import { troubleRow } from './troubleRow';

const titles = {
  connecting: 'Connecting',
  listening: 'Connected',
  notListening: 'Connected',
  reconnecting: 'Reconnecting',
  closed: 'Closed',
} as const;

/** Shows the facts of a recording, and the state of the session at the position of the player. */
export function recordedPanels(board: Board): void {
  const { player$ } = board;
  player$.subscribe((player) => {
    if (player) byId('recording-facts', HTMLElement).replaceChildren(...factsOf(player.recording));
  });
  const state$ = player$.pipe(
    switchMap((player) => {
      if (!player) return EMPTY;
      const { recording, replayed$, position$ } = player;
      const { server } = recording;
      const gaps = gapsOf(recording);
      return replayed$.pipe(
        scan((state: RecordedState | undefined, replayed) => stateAfter(state, replayed, server), undefined),
        withLatestFrom(position$),
        auditTime(0, animationFrameScheduler),
        map(([state, at]) => ({ state, server, isInGap: gaps.some(({ since, until }) => since <= at && at < until) })),
      );
    }),
    share(),
  );

  const list = (name: string, rows: readonly HTMLElement[], count = rows.length): void => {
    byId(`recorded-${name}`, HTMLElement).replaceChildren(...rows);
    byId(`recorded-${name}-count`, HTMLElement).textContent = count === 0 ? '' : count.toLocaleString('en');
    byId(`recorded-${name}-empty`, HTMLElement).hidden = count > 0;
  };
  state$.subscribe(({ state, isInGap }) => {
    if (!state) return;
    const { phase, connection, messages, notifications } = state;
    const status = el(
      'dd',
      { class: 'phase-name', 'data-phase': phase },
      isInGap ? `${titles[phase]}, in a gap` : titles[phase],
    );
    byId('recorded-state', HTMLElement).replaceChildren(
      ...fact('Status', status),
      ...fact('Connection', String(connection)),
      ...fact('Messages', messages.toLocaleString('en')),
      ...fact('Notifications', notifications.toLocaleString('en')),
    );
  });
  const changed = (part: (state: RecordedState) => unknown) =>
    state$.pipe(
      distinctUntilChanged((before, now) => (before.state && part(before.state)) === (now.state && part(now.state))),
    );
  changed(({ requests }) => requests.calls).subscribe(({ state }) => {
    const { calls = [], count = 0 } = state?.requests ?? {};
    list(
      'calls',
      [...calls].reverse().map((call) => callRow(board, call, false).element),
      count,
    );
  });
  changed(({ requests }) => requests.tools).subscribe(({ state }) => {
    const tools = state?.requests.tools ?? [];
    list(
      'tools',
      tools.map(({ name, description }) =>
        el(
          'li',
          {},
          el('div', { class: 'tool', title: description }, el('strong', {}, name), el('span', {}, description)),
        ),
      ),
    );
  });
  changed(({ troubles }) => troubles).subscribe(({ state, server }) => {
    list(
      'troubles',
      (state?.troubles ?? []).map((trouble) => troubleRow(board, server, elapsed(trouble.at), trouble)),
    );
  });
}

/** Returns the gaps of the whole recording. A gap is recorded when it ends, so the replayed state does not contain a gap that is open. */
const gapsOf = ({ steps }: OpenedRecording): readonly { since: number; until: number }[] =>
  steps.flatMap(({ event }) => ('event' in event && event.event === 'gap' ? [event] : []));

function factsOf({ file, server, protocol, startedAt, by, duration, steps }: OpenedRecording): HTMLElement[] {
  const at = Date.parse(startedAt);
  const facts: [string, string][] = [
    ['File', file],
    ['Server', server],
    ['Protocol', protocol],
    ['Recorded', Number.isNaN(at) ? '' : new Date(at).toLocaleString('en-GB')],
    ['By', by],
    ['Length', elapsed(duration)],
    ['Events', steps.length.toLocaleString('en')],
  ];
  return facts.flatMap(([name, value]) => (value === '' ? [] : fact(name, value)));
}

function fact(name: string, value: string | HTMLElement): HTMLElement[] {
  return [
    el('dt', {}, name),
    typeof value === 'string' ? el('dd', { title: cut(value, 200) }, cut(value, 200)) : value,
  ];
}
