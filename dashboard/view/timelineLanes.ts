import { type MCPSession } from 'rx-mcp';
import { animationFrameScheduler, auditTime, interval, merge } from 'rxjs';
import { phaseOf } from '../model/phase';
import { readable } from '../model/text';
import { createTimeline, type Lane, type Timeline } from '../model/timeline';
import { badge } from './badge';
import type { Board } from './board';
import { byId } from './byId';
import { clock } from './clock';
import { el } from './el';

const seconds = 120;

/** Shows a lane per server with connection phases, notifications per second, and gaps. */
export function timelineLanes(board: Board): void {
  const lanes = byId('lanes', HTMLElement);
  for (const [name, session] of board.sessions) {
    const { element, show } = lane(board, name);
    lanes.append(element);
    const timeline = createTimeline(seconds);
    merge(record(session, timeline), interval(500))
      .pipe(auditTime(0, animationFrameScheduler))
      .subscribe(() => show(timeline.lane(Date.now())));
  }
}

/** Records a session. Emits when the lane must be drawn immediately. Changes of counts are drawn later. */
function record(session: MCPSession, timeline: Timeline) {
  session.notifications$.subscribe(() => timeline.heard(Date.now()));
  session.status$.subscribe((status) => timeline.changed(phaseOf(status), Date.now()));
  session.gaps$.subscribe((gap) => timeline.missed(gap));
  return merge(session.status$, session.gaps$);
}

const percent = (fraction: number): string => `${(fraction * 100).toFixed(3)}%`;

function lane(board: Board, name: string): { element: HTMLElement; show(lane: Lane): void } {
  const track = el('div', { class: 'track', role: 'img' });
  const bars = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  bars.setAttribute('viewBox', `0 0 ${seconds} 100`);
  bars.setAttribute('preserveAspectRatio', 'none');
  bars.append(path);
  const element = el('div', { class: 'lane' }, badge(board, name), track);

  return {
    element,
    show: ({ phases, counts, gaps }) => {
      path.setAttribute('d', barsOf(counts));
      const marks = phases.map(({ phase, from, to }) => stretch({ class: 'phase', 'data-phase': phase }, from, to));
      const holes = gaps.map(({ gap, from, to }) => {
        const text = `gap of ${((gap.until - gap.since) / 1000).toFixed(1)} s, from ${clock(gap.since)}`;
        return stretch({ class: 'gap', title: `${text}: ${readable(gap.cause.message)}` }, from, to, el('b', {}, '!'));
      });
      track.replaceChildren(...marks, bars, ...holes);
      const heard = counts.reduce((sum, count) => sum + count, 0);
      track.setAttribute('aria-label', `${name}: ${heard} notifications, ${gaps.length} gaps in the last two minutes`);
    },
  };
}

function stretch(attributes: Record<string, string>, from: number, to: number, ...children: Node[]): HTMLElement {
  const element = el('span', attributes, ...children);
  element.style.left = percent(from);
  element.style.width = percent(to - from);
  return element;
}

/** Creates a bar per second on a logarithmic scale, so that one heartbeat stays visible next to a thousand ticks. */
function barsOf(counts: readonly number[]): string {
  return counts
    .map((count, index) => {
      const height = Math.min(100, 25 * Math.log10(1 + count * 3));
      return count === 0 ? '' : `M${index + 0.15} 100V${(100 - height).toFixed(1)}h.7V100z`;
    })
    .join('');
}
