import type { VirtualTimeScheduler } from 'rxjs';

/** Lets so many milliseconds of virtual time pass, and does what falls due in them. */
export function advance(scheduler: VirtualTimeScheduler, ms: number): void {
  const until = scheduler.frame + ms;
  scheduler.maxFrames = until;
  scheduler.flush();
  scheduler.frame = until;
}
