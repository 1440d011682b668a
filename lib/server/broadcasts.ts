import { defer, finalize, type Observable, Subject, type Subscription } from 'rxjs';
import { coalesceMap } from '../operator/coalesceMap';
import { isObject } from '../util/isObject';
import type { Backplane, LogEntry } from './backplane';
import { eventOf } from './eventStream';
import { readLog, startOfLog } from './readLog';

/** Selects the sessions that receive a broadcast. */
export interface Target {
  readonly principal?: string;
  /** The URI of a resource. Only sessions that are subscribed to the resource receive the broadcast. */
  readonly subscribed?: string;
  /**
   * The name of a node. Only sessions whose stream is on this node receive the broadcast. Set for changes that each
   * node detects and broadcasts on its own.
   */
  readonly node?: string;
}

/** An entry of the broadcast log. */
export interface Broadcast {
  readonly id: string;
  readonly frame: string;
  readonly target: Target;
}

/** The log of messages for all sessions. A node reads each entry once and caches it for the streams of its sessions. */
export interface Broadcasts {
  /** Appends a frame to the log. Resolves when the frame is in the log. */
  send(frame: string, target?: Target): Promise<void>;
  /** Returns the position of the last entry in the log. */
  last(): Promise<string>;
  /** Broadcasts that are sent after the subscription. Hot. */
  readonly live$: Observable<Broadcast>;
  /** Adds a reader, which is notified after each new broadcast. */
  addReader(reader: BroadcastReader): void;
  removeReader(reader: BroadcastReader): void;
  /** The index that the next new broadcast will have. */
  readonly end: number;
  /** Returns the index of the broadcast after a position. Returns `undefined` if that broadcast is not cached. */
  indexAfter(position: string): number | undefined;
  /**
   * Returns the broadcast at an index. Returns `'end'` after the last broadcast, and `undefined` if the broadcast is no
   * longer cached.
   */
  at(index: number): Broadcast | 'end' | undefined;
  /**
   * Returns the encoded event of a broadcast. `own` is the reader's position in its own log and part of the event id.
   * Without a position, the event has no id.
   */
  eventOf(broadcast: Broadcast, own: string | undefined): Uint8Array;
  /** Reads from the log instead of the cache, for a reader whose position is older than the cache. */
  range(after: string, count: number): Promise<readonly Broadcast[] | undefined>;
  /** Returns the position before the oldest broadcast that the log still has. */
  start(): Promise<string>;
}

/** A reader of the cached broadcasts. */
interface BroadcastReader {
  wake(): void;
}

const logName = 'b';
const maxCached = 1_000;
const encoder = new TextEncoder();
const batchSize = 256;

/** Creates the {@link Broadcasts} of a node. The node follows the log while there are readers. */
export function createBroadcasts(
  backplane: Backplane,
  node: () => string,
  onError: (cause: unknown) => void,
): Broadcasts {
  const readers = new Set<BroadcastReader>();
  const arrived$ = new Subject<Broadcast>();
  /**
   * The last encoded event of each new broadcast. Reused, because most readers have the same position in their own log.
   */
  const events = new Map<Broadcast, { own: string | undefined; bytes: Uint8Array }>();
  let cached: Broadcast[] = [];
  /** The index of the oldest cached broadcast. Indexes only increase. */
  let first = 0;
  let end: string | undefined;
  let follower: Subscription | undefined;
  let generation = 0;

  async function follow(): Promise<void> {
    const current = generation;
    try {
      for (let after = end ?? (await backplane.last(logName)); ; after = end) {
        const entries = await readLog(backplane, logName, after, batchSize);
        // All readers were removed during the request, and new readers may follow the log from another position.
        if (generation !== current) return;
        if (!entries) {
          const start = await startOfLog(backplane, logName);
          if (generation !== current) return;
          first += cached.length + 1;
          cached = [];
          end = start;
          wakeAll();
          continue;
        }
        end ??= after;
        const last = entries.at(-1);
        if (!last) return;
        end = last.id;
        cache(entries.map(parse));
      }
    } catch (cause) {
      onError(cause);
    }
  }

  function cache(broadcasts: readonly Broadcast[]): void {
    cached.push(...broadcasts);
    events.clear();
    if (cached.length > 2 * maxCached) {
      first += cached.length - maxCached;
      cached = cached.slice(-maxCached);
    }
    wakeAll();
    if (arrived$.observed) for (const broadcast of broadcasts) if (isForThisNode(broadcast)) arrived$.next(broadcast);
  }

  function wakeAll(): void {
    for (const reader of readers) reader.wake();
  }

  function isForThisNode({ target }: Broadcast): boolean {
    return target.node === undefined || target.node === node();
  }

  function addReader(reader: BroadcastReader): void {
    readers.add(reader);
    if (readers.size === 1) {
      follower = backplane.wake$(logName).pipe(coalesceMap(follow)).subscribe();
    }
  }

  function removeReader(reader: BroadcastReader): void {
    if (!readers.delete(reader) || readers.size > 0) return;
    follower?.unsubscribe();
    generation++;
    first += cached.length;
    cached = [];
    events.clear();
    end = undefined;
  }

  return {
    async send(frame, target) {
      await backplane.append(logName, `${target ? JSON.stringify(target) : ''}\n${frame}`);
    },
    last: () => backplane.last(logName),
    live$: defer(() => {
      const reader = { wake: () => undefined };
      addReader(reader);
      return arrived$.pipe(finalize(() => removeReader(reader)));
    }),
    addReader,
    removeReader,
    get end() {
      return first + cached.length;
    },
    indexAfter(position) {
      if (position === end) return first + cached.length;
      const index = cached.findIndex(({ id }) => id === position);
      return index < 0 ? undefined : first + index + 1;
    },
    at: (index) => (index === first + cached.length ? 'end' : cached[index - first]),
    eventOf(broadcast, own) {
      const known = events.get(broadcast);
      if (known && known.own === own) return known.bytes;
      const { id, frame } = broadcast;
      const bytes = encoder.encode(eventOf(own === undefined ? undefined : `${own}.${id}`, frame));
      events.set(broadcast, { own, bytes });
      return bytes;
    },
    range: async (after, count) => (await readLog(backplane, logName, after, count))?.map(parse),
    start: () => startOfLog(backplane, logName),
  };
}

function parse({ id, frame }: LogEntry): Broadcast {
  const separator = frame.indexOf('\n');
  const target: unknown = separator > 0 ? JSON.parse(frame.slice(0, separator)) : {};
  return { id, frame: frame.slice(separator + 1), target: isObject(target) ? target : {} };
}
