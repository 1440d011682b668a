import {
  catchError,
  EMPTY,
  exhaustMap,
  filter,
  from,
  merge,
  type Observable,
  switchMap,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { backgroundInterval } from '../backgroundInterval';
import type { ServerSettings } from '../serverOptions';
import type { LiveSession } from '../serverSession';
import { recordKey } from '../sessionRecord';
import type { Sessions } from '../sessions';
import type { StreamLeases } from './streamLeases';

export interface KeepStoredOptions {
  sessions: Sessions;
  streamLeases: StreamLeases;
  onError: (error: unknown) => void;
  until$: Observable<unknown>;
}

/** The key of a random value. If a node finds another value after an outage, the store has lost its data. */
const epochKey = 'epoch';
const epochTtlMs = 31 * 86_400_000;
const epochRefreshMs = 3_600_000;

/**
 * The time to wait for other nodes to store their sessions again after the store has lost its data, in milliseconds.
 */
const restoreDelayMs = 2_000;

/** The state of the session records in the store. */
export interface StoredRecords {
  /** Whether every session has a record. `false` while other nodes may be storing their sessions again after a loss. */
  isComplete(): boolean;
}

/**
 * Keeps the records of this node's sessions in the store. Renews records that would expire while a stream is open.
 * After an outage, if the store has lost its data, stores the sessions again; otherwise, removes the sessions that
 * other nodes ended in the meantime.
 */
export function keepStored(
  settings: ServerSettings,
  { sessions, streamLeases, onError, until$ }: KeepStoredOptions,
): StoredRecords {
  const { backplane, scheduler } = settings;
  const idle = settings.sessions ? settings.sessions.idle : Infinity;
  const stored = (): LiveSession[] => sessions.current.filter(({ isStored }) => isStored);
  let epoch: unknown;
  let isComplete = true;

  /** Resolves with `true` if the store has lost the data that this node has written. */
  async function joinEpoch(): Promise<boolean> {
    const known = epoch;
    epoch = (await backplane.get(epochKey)) ?? crypto.randomUUID();
    await backplane.set(epochKey, epoch, epochTtlMs);
    return known !== undefined && known !== epoch;
  }

  /** Resolves with `true` if the store has lost the sessions. */
  async function recover(): Promise<boolean> {
    const hasLostData = await joinEpoch();
    await Promise.all(stored().map((session) => (hasLostData ? store(session) : check(session))));
    return hasLostData;
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
    if (stream) await streamLeases.acquire(id, stream.name, stream.position());
  }

  const up$ = backplane.status$.pipe(
    tap((status) => status === 'down' && (isComplete = false)),
    filter((status) => status === 'up'),
  );
  const due$ = up$.pipe(switchMap(() => backgroundInterval(Math.min(idle / 4, epochRefreshMs), scheduler)));
  merge(
    up$.pipe(
      switchMap(() => from(recover()).pipe(catchError((error: unknown) => (onError(error), EMPTY)))),
      switchMap((hasLostData) => timer(hasLostData ? restoreDelayMs : 0, scheduler)),
      tap(() => (isComplete = true)),
    ),
    due$.pipe(exhaustMap(() => Promise.all([joinEpoch(), ...stored().map(refresh)]).catch(onError))),
  )
    .pipe(takeUntil(until$))
    .subscribe();
  return { isComplete: () => isComplete };
}
