import type { VirtualTimeScheduler } from 'rxjs';

/** Advances virtual time, and runs everything that becomes due. */
export function advance(scheduler: VirtualTimeScheduler, ms: number): void {
  const until = scheduler.frame + ms;
  scheduler.maxFrames = until;
  scheduler.flush();
  scheduler.frame = until;
}
