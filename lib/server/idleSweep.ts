import type { Subscription } from 'rxjs';
import { backgroundInterval } from './backgroundInterval';
import type { ServerSettings } from './serverOptions';
import type { LiveSession } from './serverSession';
import { recordKey } from './sessionRecord';

/** Ends sessions that have been idle for too long. */
export interface IdleSweep {
  /** Starts the periodic check, unless sessions may be idle without limit. Idempotent. */
  start(): void;
  stop(): void;
  /** Marks a session as used, and renews its record in the store. */
  touch(session: LiveSession): Promise<void>;
}

export interface IdleSweepOptions {
  settings: ServerSettings;
  /** The time without use after which a session ends, in milliseconds. */
  idle: number;
  sessions: ReadonlyMap<string, LiveSession>;
  isBusy: (session: LiveSession) => boolean;
  end: (session: LiveSession) => Promise<void>;
  onError: (error: unknown) => void;
}

/** The number of checks per `idle` period. */
const sweepsPerIdle = 4;
const maxSweepMs = 30_000;

export function createIdleSweep({ settings, idle, sessions, isBusy, end, onError }: IdleSweepOptions): IdleSweep {
  const { backplane, isShared, scheduler } = settings;
  let sweeping: Subscription | undefined;

  async function touch(session: LiveSession): Promise<void> {
    const now = scheduler.now();
    if (now - session.usedAt < idle / 10) return;
    session.usedAt = now;
    if (session.isStored) await backplane.set(recordKey(session.id), session.record, idle);
  }

  async function sweep(): Promise<void> {
    const now = scheduler.now();
    for (const session of sessions.values()) {
      if (isBusy(session)) await touch(session);
      else if (session.usedAt + idle <= now) {
        // If the record is still in the store, another node has renewed it, so the session is in use there.
        if ((await backplane.alive(recordKey(session.id))) && isShared) session.usedAt = now;
        else await end(session);
      }
    }
  }

  return {
    touch,
    start() {
      if (!Number.isFinite(idle)) return;
      const period = Math.min(idle / sweepsPerIdle, maxSweepMs);
      sweeping ??= backgroundInterval(period, scheduler).subscribe(() => void sweep().catch(onError));
    },
    stop() {
      sweeping?.unsubscribe();
      sweeping = undefined;
    },
  };
}
