import type { SchedulerLike, Subscription } from 'rxjs';
import { backgroundInterval } from './backgroundInterval';

/** Sends comments on open streams, so that proxies do not close them. All streams of a server share one timer. */
export interface KeepAlive {
  add(stream: KeptStream): void;
  delete(stream: KeptStream): void;
}

/** An open stream. Receives no comments while its client reads slowly. */
interface KeptStream {
  hasRoom(): boolean;
  write(text: string): void;
}

/**
 * Creates the {@link KeepAlive} of a server.
 *
 * @param period - the interval between comments in milliseconds, or `false` for no comments.
 */
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
