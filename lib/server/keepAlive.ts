import type { SchedulerLike, Subscription } from 'rxjs';
import { backgroundInterval } from './backgroundInterval';

/** Keeps open streams from being closed by proxies. All streams of a server share one timer. */
export interface KeepAlive {
  add(stream: KeptStream): void;
  delete(stream: KeptStream): void;
}

/** A stream that takes comments while its client keeps up. */
interface KeptStream {
  hasRoom(): boolean;
  write(text: string): void;
}

/** Creates the keep-alive of a server. `period`: milliseconds between comments, or `false` for none. */
export function createKeepAlive(period: number | false, scheduler: SchedulerLike): KeepAlive {
  const streams = new Set<KeptStream>();
  let ticking: Subscription | undefined;

  function tick(): void {
    for (const stream of streams) if (stream.hasRoom()) stream.write(': keep-alive\n\n');
  }

  return {
    add(stream) {
      if (period === false) return;
      streams.add(stream);
      ticking ??= backgroundInterval(period, scheduler).subscribe(tick);
    },
    delete(stream) {
      if (!streams.delete(stream) || streams.size > 0) return;
      ticking?.unsubscribe();
      ticking = undefined;
    },
  };
}
