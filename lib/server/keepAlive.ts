import type { SchedulerLike, Subscription } from 'rxjs';
import { backgroundInterval } from './backgroundInterval';

/** Sends comments, so that proxies do not close open streams. All streams of a server share one timer. */
export interface KeepAlive {
  add(stream: KeptStream): void;
  delete(stream: KeptStream): void;
}

/** A stream that accepts comments while its client reads fast enough. */
interface KeptStream {
  hasRoom(): boolean;
  write(text: string): void;
}

/** Creates the keep-alive of a server. `period` is the number of milliseconds between comments, or `false` for none. */
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
