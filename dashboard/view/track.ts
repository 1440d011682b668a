import { readable } from '../model/text';
import type { Lane } from '../model/timeline';
import { el } from './el';

/** An element that draws connection phases, notification counts and gaps over time. */
export interface Track {
  readonly element: HTMLElement;
  show(lane: Lane): void;
}

const percent = (fraction: number): string => `${(fraction * 100).toFixed(3)}%`;

/**
 * Creates a {@link Track}. The arguments are texts for screen readers.
 *
 * @param name - the name of the server.
 * @param period - the period that the track shows.
 */
export function createTrack(name: string, period: string, timeOf: (at: number) => string): Track {
  const track = el('div', { class: 'track', role: 'img' });
  const bars = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  bars.setAttribute('preserveAspectRatio', 'none');
  bars.append(path);

  return {
    element: track,
    show: ({ phases, counts, gaps }) => {
      bars.setAttribute('viewBox', `0 0 ${counts.length} 100`);
      path.setAttribute('d', barsOf(counts));
      const marks = phases.map(({ phase, from, to }) => stretch({ class: 'phase', 'data-phase': phase }, from, to));
      const holes = gaps.map(({ gap, from, to }) => {
        const text = `gap of ${((gap.until - gap.since) / 1000).toFixed(1)} s, from ${timeOf(gap.since)}`;
        const title = gap.cause ? `${text}: ${readable(gap.cause.message)}` : text;
        return stretch({ class: 'gap', title }, from, to, el('b', {}, '!'));
      });
      track.replaceChildren(...marks, bars, ...holes);
      const received = counts.reduce((sum, count) => sum + count, 0);
      track.setAttribute('aria-label', `${name}: ${received} notifications, ${gaps.length} gaps ${period}`);
    },
  };
}

function stretch(attributes: Record<string, string>, from: number, to: number, ...children: Node[]): HTMLElement {
  const element = el('span', attributes, ...children);
  element.style.left = percent(from);
  element.style.width = percent(to - from);
  return element;
}

/** Creates a bar per count on a logarithmic scale, so that one heartbeat stays visible next to a thousand ticks. */
function barsOf(counts: readonly number[]): string {
  return counts
    .map((count, index) => {
      const height = Math.min(100, 25 * Math.log10(1 + count * 3));
      return count === 0 ? '' : `M${index + 0.15} 100V${(100 - height).toFixed(1)}h.7V100z`;
    })
    .join('');
}
