import type { SchedulerLike } from 'rxjs';
import type { MCPError } from '../../errors';
import type { Gap, Hub } from '../../notification/hub';

/**
 * Tracks the period during which notifications may have been missed. Emits it as a gap when it ends, unless it turns
 * out that none were missed.
 */
export class GapTracker {
  readonly #gaps$: Hub['gaps$'];
  readonly #scheduler: SchedulerLike;
  #gap: Omit<Gap, 'until'> | undefined;

  constructor({ gaps$ }: Pick<Hub, 'gaps$'>, scheduler: SchedulerLike) {
    this.#gaps$ = gaps$;
    this.#scheduler = scheduler;
  }

  /** When the open gap began, in milliseconds since the Unix epoch. `undefined` if there is none. */
  get since(): number | undefined {
    return this.#gap?.since;
  }

  /** Opens a gap, unless one is open. */
  open(since: number, cause: MCPError): void {
    this.#gap ??= { since, cause };
  }

  /** Moves the beginning of the open gap back to `since`, unless it is earlier. */
  extend(since: number): void {
    if (this.#gap) this.#gap.since = Math.min(this.#gap.since, since);
  }

  /** Moves the beginning of the open gap to the current time, because nothing was missed before. */
  advance(): void {
    if (this.#gap) this.#gap.since = this.#scheduler.now();
  }

  /** Discards the open gap, because nothing was missed. */
  discard(): void {
    this.#gap = undefined;
  }

  /** Emits the open gap, if there is one. */
  close(): void {
    const closed = this.#gap;
    this.#gap = undefined;
    if (closed) this.#gaps$.next({ ...closed, until: this.#scheduler.now() });
  }
}
