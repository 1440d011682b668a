import { type Observable, type SchedulerLike, VirtualAction, VirtualTimeScheduler } from 'rxjs';
import { check } from '../util/options';
import { createWatch, type Watched } from './watched';

/** A clock that a test moves explicitly. Pass its `scheduler` to sessions, servers, networks and operators. */
export interface VirtualTime {
  /** The scheduler to pass as an option to everything that should run in virtual time. */
  readonly scheduler: SchedulerLike;
  /** The current virtual time, in milliseconds from 0. */
  now(): number;
  /**
   * Moves time forward. Runs due work frame by frame, in order, and settles promises after each frame. Ends at the new time even if
   * a policy retries forever. Rejects if due work throws.
   *
   * @param ms - milliseconds, 0 or more.
   */
  advance(ms: number): Promise<void>;
  /** Settles promises that depend only on each other, without moving time. */
  settle(): Promise<void>;
  /** Subscribes to an Observable and records each emission with its time. */
  watch<T>(source$: Observable<T>): Watched<T>;
}

/**
 * Creates a {@link VirtualTime}. Does not use the fake timers of a test runner.
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
    check('a number >= 0', (value) => typeof value === 'number' && value >= 0)(ms, 'ms');
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

/** The number of ticks in which promises and streams settle after each frame. */
const ticksPerFrame = 4;

/** The number of frames between turns of the event loop, so that a long `advance` does not block the process. */
const framesPerTurn = 32;

/** Returns the time of the next due work. */
function dueAt({ actions }: VirtualTimeScheduler): number | undefined {
  const [next] = actions;
  return next?.delay;
}

// Captured on import, before a test runner replaces timers.
const { setImmediate, MessageChannel } = globalThis;
const nextTick = typeof process === 'object' ? process.nextTick.bind(process) : undefined;

/** Resolves in a later turn of the event loop. By then, every promise that can settle on its own has settled. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
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
 * Resolves after a number of turns of the microtask queue. In Node, `process.nextTick` runs the turns without a turn of the event
 * loop, which is 30 times as fast.
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
