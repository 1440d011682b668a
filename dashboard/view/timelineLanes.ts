import { type MCPSession } from 'rx-mcp';
import { animationFrameScheduler, auditTime, interval, merge } from 'rxjs';
import { phaseOf } from '../model/phase';
import { createTimeline, type Timeline } from '../model/timeline';
import { badge } from './badge';
import type { Board } from './board';
import { byId } from './byId';
import { clock } from './clock';
import { el } from './el';
import { createTrack } from './track';

const seconds = 120;

/** Shows a lane per server with connection phases, notifications per second, and gaps. */
export function timelineLanes(board: Board): void {
  const lanes = byId('lanes', HTMLElement);
  for (const [name, session] of board.sessions) {
    const { element, show } = createTrack(name, 'in the last two minutes', clock);
    lanes.append(el('div', { class: 'lane' }, badge(board, name), element));
    const timeline = createTimeline(seconds);
    merge(record(session, timeline), interval(500))
      .pipe(auditTime(0, animationFrameScheduler))
      .subscribe(() => show(timeline.lane(Date.now())));
  }
}

/** Records a session. Emits when the lane must be drawn immediately. Changes of counts are drawn later. */
function record(session: MCPSession, timeline: Timeline) {
  session.notifications$.subscribe(() => timeline.received(Date.now()));
  session.status$.subscribe((status) => timeline.changed(phaseOf(status), Date.now()));
  session.gaps$.subscribe((gap) => timeline.missed(gap));
  return merge(session.status$, session.gaps$);
}
