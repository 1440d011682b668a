import type { SchedulerLike } from 'rxjs';
import type { MCPError } from '../../errors';
import type { Gap, Hub } from '../../notification/hub';

/** Tracks the period in which notifications may have been missed, until it ends or is proven to have no gap. */
export interface GapTracker {
  /** When the open gap began, in milliseconds since the epoch. */
  readonly since: number | undefined;
  /** Opens a gap, unless one is open. */
  open(since: number, cause: MCPError): void;
  /** Moves the beginning of an open gap to now, because nothing was missed until now. */
  advance(): void;
  /** Drops the open gap without emitting it. */
  discard(): void;
  /** Emits the open gap, if there is one. */
  close(): void;
}

/** Creates a tracker that emits gaps on a hub. */
export function createGapTracker({ gaps$ }: Pick<Hub, 'gaps$'>, scheduler: SchedulerLike): GapTracker {
  let gap: Omit<Gap, 'until'> | undefined;
  return {
    get since() {
      return gap?.since;
    },
    open(since, cause) {
      gap ??= { since, cause };
    },
    advance() {
      if (gap) gap.since = scheduler.now();
    },
    discard() {
      gap = undefined;
    },
    close() {
      const closed = gap;
      gap = undefined;
      if (closed) gaps$.next({ ...closed, until: scheduler.now() });
    },
  };
}
