import type { Backplane } from './backplane';
import type { Broadcast, Broadcasts } from './broadcasts';
import { eventOf, type EventStream } from './eventStream';
import { sessionLog } from './sessionRecord';

/** The position of a reader in the session's own log and in the broadcast log. */
export interface ListenPosition {
  readonly own: string;
  readonly broadcast: string;
}

/** Writes the messages for a session to its GET stream, starting after a position, as fast as the client reads. */
export interface ListenReader {
  /** Continues the writing. Called when there may be more messages, or when there is room again. */
  read: () => void;
  position(): ListenPosition;
  stop(): void;
}

/** Options for {@link createListenReader}. */
export interface ListenReaderOptions {
  session: string;
  from: ListenPosition;
  stream: EventStream;
  backplane: Backplane;
  broadcasts: Broadcasts;
  /** Whether a broadcast is for the session. `isPast` is `true` if it was sent before the stream was opened. */
  isFor: (broadcast: Broadcast, isPast: boolean) => boolean;
  /** Whether events have ids, which contain their position. */
  hasIds: boolean;
  /** Called if an entry after the position was trimmed. */
  onGap: () => void;
  onError: (cause: unknown) => void;
}

const batchSize = 64;

/** Creates a reader of a session's two logs. */
export function createListenReader(options: ListenReaderOptions): ListenReader {
  const { stream, backplane, broadcasts, isFor, hasIds, onGap, onError } = options;
  const log = sessionLog(options.session);
  let { own, broadcast } = options.from;
  /** The index among the broadcasts that the node keeps. `undefined` while the reader is behind them. */
  let index: number | undefined;
  const opened = broadcasts.end;
  let isOwnDue = true;
  let isWriting = false;
  const state = { isReading: false, isDue: false };

  function write(frame: string): void {
    stream.write(eventOf(hasIds ? `${own}.${broadcast}` : undefined, frame));
  }

  function take(next: Broadcast, isPast: boolean): void {
    broadcast = next.id;
    if (isFor(next, isPast)) write(next.frame);
  }

  /** Writes the broadcasts that the node keeps. Returns `false` if the reader is behind them. */
  function walk(): boolean {
    if (isWriting) return true;
    isWriting = true;
    index ??= broadcasts.indexAfter(broadcast);
    while (index !== undefined && stream.hasRoom()) {
      const next = broadcasts.at(index);
      if (next === 'end') break;
      if (next) {
        take(next, index < opened);
        index++;
      } else index = undefined;
    }
    isWriting = false;
    return index !== undefined;
  }

  async function catchUp(): Promise<void> {
    while (stream.hasRoom() && !walk()) {
      const batch = await broadcasts.range(broadcast, batchSize);
      if (!batch) {
        onGap();
        return;
      }
      for (const next of batch) take(next, true);
      // The node has not read the last broadcasts yet. It wakes this reader once it has.
      if (batch.length === 0) return;
    }
  }

  async function readOwn(): Promise<void> {
    while (isOwnDue && stream.hasRoom()) {
      isOwnDue = false;
      const batch = await backplane.range(log, own, batchSize);
      if (!batch) {
        onGap();
        return;
      }
      for (const { id, frame } of batch) {
        own = id;
        write(frame);
      }
      if (batch.length > 0) isOwnDue = true;
    }
  }

  /** Does not use RxJS operators, because a server has one reader for each listening client. */
  async function readAll(): Promise<void> {
    state.isDue = true;
    if (state.isReading) return;
    state.isReading = true;
    try {
      while (state.isDue) {
        state.isDue = false;
        await readOwn();
        await catchUp();
      }
    } catch (cause) {
      onError(cause);
    } finally {
      state.isReading = false;
    }
  }

  /** The common case is one new broadcast for a reader that is up to date, which is written synchronously. */
  function read(): void {
    if (isOwnDue || index === undefined || !walk()) void readAll();
  }

  const leave = broadcasts.join(read);
  const waking = backplane.wake$(log).subscribe(() => {
    isOwnDue = true;
    void readAll();
  });

  return {
    read,
    position: () => ({ own, broadcast }),
    stop() {
      leave();
      waking.unsubscribe();
    },
  };
}
