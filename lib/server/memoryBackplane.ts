import { asyncScheduler, concat, NEVER, Observable, of, Subject, type TimestampProvider } from 'rxjs';
import { assertOptions, hasMethods, isAtLeast } from '../util/options';
import type { Backplane } from './backplane';
import { takeContiguous, type LinkedEntry } from './takeContiguous';

/** Options for {@link memoryBackplane}. Read when the backplane is created. */
export interface MemoryBackplaneOptions {
  /** The maximum number of entries per log. Older entries are trimmed. Default 1,000. */
  events?: number | undefined;
  /** How long an entry is kept, in milliseconds. Default 300,000. */
  for?: number | undefined;
  /** The clock for the age of entries. Default: `asyncScheduler`. */
  scheduler?: TimestampProvider | undefined;
}

/**
 * Creates a {@link Backplane} in the memory of this process. Servers to which the same backplane is passed act as nodes
 * of one server, for example in tests.
 *
 * Uses no timers: each write checks two logs or keys for expiry.
 */
export function memoryBackplane(options: MemoryBackplaneOptions = {}): Backplane {
  assertOptions(options, { events: isAtLeast(1), for: isAtLeast(1), scheduler: hasMethods('a scheduler', 'now') });
  const { events = 1_000, for: maxAgeMs = 300_000, scheduler = asyncScheduler } = options;
  const logs = new Map<string, Log>();
  const keys = new Map<string, { value: unknown; expiresAt: number }>();
  const readers = createTopics<undefined>();
  const channels = createTopics<unknown>();
  let position = 0;

  const sweepLogs = createSweeper(logs, (log, name) => log.usedAt + maxAgeMs <= scheduler.now() && !readers.has(name));
  const sweepKeys = createSweeper(keys, ({ expiresAt }) => expiresAt <= scheduler.now());

  const trim = (log: Log): void => {
    const oldest = scheduler.now() - maxAgeMs;
    while (log.entries.length > events || (log.entries[0] && log.entries[0].at <= oldest)) log.entries.shift();
  };

  const read = (key: string): unknown => {
    const found = keys.get(key);
    return found && found.expiresAt > scheduler.now() ? found.value : undefined;
  };

  return {
    status$: concat(of('up' as const), NEVER),
    last: (name) => Promise.resolve(String(logs.get(name)?.last ?? 0)),

    append(name, frame, id) {
      const log = logs.get(name) ?? { entries: [], last: 0, usedAt: 0 };
      const at = id === undefined ? ++position : Number(id);
      if (at > log.last) {
        const previous = String(id === undefined ? log.last : at - 1);
        log.entries.push({ id: String(at), frame, previous, at: scheduler.now() });
        log.last = at;
        log.usedAt = scheduler.now();
        logs.set(name, log);
        trim(log);
        sweepLogs();
        readers.emit(name, undefined);
      }
      return Promise.resolve(String(at));
    },

    range(name, after, count) {
      const log = logs.get(name);
      if (!log) return Promise.resolve(after === '0' ? [] : undefined);
      trim(log);
      // Search from the end, because most readers are close to it.
      let next = log.entries.length;
      while (next > 0 && Number(log.entries[next - 1]?.id) > Number(after)) next--;
      if (next < log.entries.length)
        return Promise.resolve(takeContiguous(after, log.entries.slice(next, next + count)));
      return Promise.resolve(after === '0' || after === String(log.last) ? [] : undefined);
    },

    wake$: (name) =>
      new Observable((subscriber) => {
        subscriber.next();
        const reading = readers.on$(name).subscribe(subscriber);
        return () => {
          reading.unsubscribe();
          const log = logs.get(name);
          if (log) log.usedAt = scheduler.now();
        };
      }),

    publish(channel, message) {
      channels.emit(channel, message);
      return Promise.resolve();
    },
    on$: (channel) => channels.on$(channel),

    get: (key) => Promise.resolve(read(key)),
    set(key, value, ttl) {
      keys.set(key, { value, expiresAt: scheduler.now() + ttl });
      sweepKeys();
      return Promise.resolve();
    },
    delete(key) {
      keys.delete(key);
      logs.delete(key);
      return Promise.resolve();
    },
    alive: (key) => Promise.resolve(read(key) !== undefined),
  };
}

interface Log {
  entries: (LinkedEntry & { at: number })[];
  /** The position of the last entry that was appended, even if it was trimmed. */
  last: number;
  usedAt: number;
}

/** Returns a function that checks the next two items of a map, in a cycle, and deletes those that have expired. */
function createSweeper<T>(items: Map<string, T>, isExpired: (item: T, name: string) => boolean): () => void {
  let rest = items.entries();
  return () => {
    for (let step = 0; step < 2; step++) {
      const next = rest.next();
      if (next.done) {
        rest = items.entries();
        return;
      }
      const [name, item] = next.value;
      if (isExpired(item, name)) items.delete(name);
    }
  };
}

/** Creates multicasts by name. A name uses memory only while it has subscribers. */
function createTopics<T>(): {
  has(name: string): boolean;
  emit(name: string, value: T): void;
  on$(name: string): Observable<T>;
} {
  const topics = new Map<string, Subject<T>>();
  return {
    has: (name) => topics.has(name),
    emit: (name, value) => topics.get(name)?.next(value),
    on$: (name) =>
      new Observable((subscriber) => {
        const topic$ = topics.get(name) ?? new Subject<T>();
        topics.set(name, topic$);
        topic$.subscribe(subscriber);
        return () => {
          if (!topic$.observed) topics.delete(name);
        };
      }),
  };
}
