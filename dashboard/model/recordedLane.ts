import type { OpenedRecording } from './openedRecording';
import { type Phase, recordedPhase } from './phase';
import type { Lane } from './timeline';

/** The maximum number of phase changes and gaps to draw. */
const maxMarks = 500;

/** Creates a lane for the whole recording. `buckets` is the number of its bars. */
export function recordedLane({ duration, steps }: OpenedRecording, buckets: number): Lane {
  const place = (t: number): number => Math.min(1, Math.max(0, t / duration));
  const counts = new Array<number>(buckets).fill(0);
  const changes: { phase: Phase; from: number }[] = [{ phase: 'connecting', from: 0 }];
  const gaps: Lane['gaps'][number][] = [];
  for (const { t, event, notification } of steps) {
    if ('event' in event && event.event === 'gap') {
      const { since, until } = event;
      gaps.push({ gap: { since, until }, from: place(since), to: place(until) });
    }
    const phase = recordedPhase(event);
    if (phase && changes.at(-1)?.phase !== phase) changes.push({ phase, from: place(t) });
    if (notification) {
      const bucket = Math.min(buckets - 1, Math.floor(place(t) * buckets));
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
  }
  const phases = changes.map(({ phase, from }, index) => ({ phase, from, to: changes[index + 1]?.from ?? 1 }));
  return { phases: phases.slice(0, maxMarks), counts, gaps: gaps.slice(0, maxMarks) };
}
