import { type Observable, type SchedulerLike, VirtualAction, VirtualTimeScheduler } from 'rxjs';
import { isAtLeast } from '../util/options';
import { loadedOnDemand } from './onDemand';
import { createWatch, type Watched } from './watched';

/** A clock that only a test advances. Pass its `scheduler` to sessions, servers, networks and operators. */
export interface VirtualTime {
  /** The scheduler for everything that should run in virtual time. */
  readonly scheduler: SchedulerLike;
  /** Returns the current virtual time, in milliseconds. Starts at 0. */
  now(): number;
  /**
   * Advances the time. Runs the work that is due, in order of time, and settles promises after each point in time.
   * Resolves at the new time, even if work is rescheduled indefinitely, for example by a retry policy. Rejects if the
   * work throws.
   *
   * @param ms - the time to advance by, in milliseconds. At least 0.
   */
  advance(ms: number): Promise<void>;
  /** Waits until promises have settled that do not depend on time. Does not advance the time. */
  settle(): Promise<void>;
  /** Subscribes to an Observable, and records each emission with its time. */
  watch<T>(source$: Observable<T>): Watched<T>;
}

/**
 * Creates a virtual clock that starts at 0. Independent of the fake timers of test runners.
 *
 * @example
 * const time = virtualTime();
 * const session = new MCPSession(connector, { scheduler: time.scheduler });
 * const call = session.callTool('slow', {}, { timeout: 60_000 }).catch((error) => error.name);
 * await time.advance(60_000);
 * console.log(await call); // RequestTimeoutError
 */
export function virtualTime(): VirtualTime {
  const scheduler = new VirtualTimeScheduler(VirtualAction, Infinity);

  async function advance(ms: number): Promise<void> {
    isAtLeast(0)(ms, 'ms');
    const end = scheduler.frame + ms;
    let frames = 0;
    await settle();
    for (let due = dueAt(scheduler); due !== undefined && due <= end; due = dueAt(scheduler)) {
      scheduler.maxFrames = due;
      scheduler.flush();
      if (++frames % framesPerTurn === 0) await settle();
      else await drain(ticksPerFrame);
    }
    scheduler.frame = end;
    await settle();
  }

  return {
    scheduler,
    now: () => scheduler.now(),
    advance,
    settle,
    watch: (source$) => createWatch(source$, () => scheduler.now()),
  };
}

/** The number of ticks to wait for promises and streams to settle after each frame. */
const ticksPerFrame = 4;

/** The number of frames between two turns of the event loop. Prevents a long `advance` from blocking the process. */
const framesPerTurn = 32;

/** Returns the time of the next scheduled work. Returns `undefined` if there is none. */
function dueAt({ actions }: VirtualTimeScheduler): number | undefined {
  const [next] = actions;
  return next?.delay;
}

// Captured on import, because a test runner may replace them later.
const { setImmediate, MessageChannel } = globalThis;
const nextTick = typeof process === 'object' ? process.nextTick.bind(process) : undefined;

/**
 * Resolves in a later turn of the event loop. By then, promises that depend only on microtasks have settled, and so has the
 * import of code that sessions load on demand.
 */
async function settle(): Promise<void> {
  await loadedOnDemand;
  await new Promise<void>((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/**
 * Resolves after a number of turns of the microtask queue. Uses `process.nextTick` in Node, which is 30 times as fast
 * as turns of the event loop.
 */
function drain(ticks: number): Promise<void> {
  if (!nextTick) return settle();
  const later = nextTick;
  return new Promise((resolve) => {
    let left = ticks;
    const tick = (): void => {
      if (--left > 0) later(tick);
      else resolve();
    };
    later(tick);
  });
}
