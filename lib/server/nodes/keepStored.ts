import { exhaustMap, filter, merge, type Observable, switchMap, takeUntil } from 'rxjs';
import { backgroundInterval } from '../backgroundInterval';
import type { ServerSettings } from '../serverOptions';
import type { LiveSession } from '../serverSession';
import { recordKey } from '../sessionRecord';
import type { Sessions } from '../sessions';
import type { StreamHolder } from './streamHolder';

/** Options for {@link keepStored}. */
export interface KeepStoredOptions {
  sessions: Sessions;
  holder: StreamHolder;
  onError: (error: unknown) => void;
  until$: Observable<unknown>;
}

/**
 * A key that exists while the store has the data that the nodes wrote to it. If the store comes back without it, all data is
 * lost.
 */
const epochKey = 'epoch';
const epochTtlMs = 31 * 86_400_000;
const epochRefreshMs = 3_600_000;

/**
 * Keeps the records of this node's sessions in the store. Refreshes records that would expire while a stream is open. When the
 * store comes back, stores the sessions again if it has lost them, and forgets sessions that other nodes ended in the meantime.
 */
export function keepStored(settings: ServerSettings, { sessions, holder, onError, until$ }: KeepStoredOptions): void {
  const { backplane, scheduler } = settings;
  const idle = settings.sessions ? settings.sessions.idle : Infinity;
  const stored = (): LiveSession[] => sessions.current.filter(({ isStored }) => isStored);
  let epoch: unknown;

  /** Resolves with `true` if the store has lost the data that this node wrote to it. */
  async function joinEpoch(): Promise<boolean> {
    const known = epoch;
    epoch = (await backplane.get(epochKey)) ?? crypto.randomUUID();
    await backplane.set(epochKey, epoch, epochTtlMs);
    return known !== undefined && known !== epoch;
  }

  async function recover(): Promise<void> {
    const isLost = await joinEpoch();
    await Promise.all(stored().map((session) => (isLost ? store(session) : check(session))));
  }

  async function store(session: LiveSession): Promise<void> {
    await backplane.set(recordKey(session.id), session.record, idle);
    await refresh(session);
  }

  async function check(session: LiveSession): Promise<void> {
    if (await backplane.alive(recordKey(session.id))) await refresh(session);
    else sessions.forget(session);
  }

  async function refresh(session: LiveSession): Promise<void> {
    const { id, stream } = session;
    if (stream) await holder.hold(id, stream.name, stream.position());
  }

  const up$ = backplane.status$.pipe(filter((status) => status === 'up'));
  const due$ = up$.pipe(switchMap(() => backgroundInterval(Math.min(idle / 4, epochRefreshMs), scheduler)));
  merge(
    up$.pipe(exhaustMap(() => recover().catch(onError))),
    due$.pipe(exhaustMap(() => Promise.all([joinEpoch(), ...stored().map(refresh)]).catch(onError))),
  )
    .pipe(takeUntil(until$))
    .subscribe();
}
