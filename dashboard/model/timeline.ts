import type { Gap } from 'rx-mcp';
import type { Phase } from './phase';

/** A part of a lane. 0 is the oldest visible time, and 1 is now. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A gap. Its cause is unknown in a recording. */
type LaneGap = Omit<Gap, 'cause'> & Partial<Pick<Gap, 'cause'>>;

/** The contents of the lane of one server. */
export interface Lane {
  readonly phases: readonly (Stretch & { readonly phase: Phase })[];
  /** The number of notifications in each second, oldest first. */
  readonly counts: readonly number[];
  readonly gaps: readonly (Stretch & { readonly gap: LaneGap })[];
}

/** The recent history of one server. All times are milliseconds since the epoch. */
export interface Timeline {
  changed(phase: Phase, at: number): void;
  received(at: number): void;
  missed(gap: Gap): void;
  /** Returns the lane to show now. Drops older history. */
  lane(now: number): Lane;
}

/** The maximum number of changes and gaps to keep. */
const maxEntries = 500;

/** Creates a timeline that keeps `seconds` of a server's history. */
export function createTimeline(seconds: number): Timeline {
  const span = seconds * 1000;
  let phases: { phase: Phase; since: number }[] = [];
  let gaps: Gap[] = [];
  const counts = new Map<number, number>();

  function forget(start: number): void {
    // The visible period starts with the last phase that began before it.
    const later = phases.filter(({ since }) => since > start).length;
    phases = phases.slice(Math.max(0, phases.length - later - 1));
    gaps = gaps.filter(({ until }) => until > start);
    for (const second of counts.keys()) if ((second + 1) * 1000 <= start) counts.delete(second);
  }

  return {
    changed: (phase, at) => {
      if (phases.at(-1)?.phase !== phase) phases = [...phases, { phase, since: at }].slice(-maxEntries);
    },
    received: (at) => {
      const second = Math.floor(at / 1000);
      counts.set(second, (counts.get(second) ?? 0) + 1);
    },
    missed: (gap) => {
      gaps = [...gaps, gap].slice(-maxEntries);
    },
    lane: (now) => {
      const start = now - span;
      forget(start);
      const place = (time: number): number => Math.min(1, Math.max(0, (time - start) / span));
      const last = Math.floor(now / 1000);
      return {
        phases: phases.map(({ phase, since }, index) => ({
          phase,
          from: place(since),
          to: place(phases[index + 1]?.since ?? now),
        })),
        counts: Array.from({ length: seconds }, (_, index) => counts.get(last - seconds + 1 + index) ?? 0),
        gaps: gaps.map((gap) => ({ gap, from: place(gap.since), to: place(gap.until) })),
      };
    },
  };
}
