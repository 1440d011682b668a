import type { Observable } from 'rxjs';

/** Whether the store behind a {@link Backplane} can be reached. */
export type BackplaneStatus = 'up' | 'down';

/** One entry of a log. */
export interface LogEntry {
  /** The position of the entry: digits, with at most one `-` between them. Later entries have later positions. */
  readonly id: string;
  /** The text that was appended. */
  readonly frame: string;
}

/**
 * What the nodes of one server share: logs of frames, channels, and keys that expire. `memoryBackplane()` serves one process,
 * `redisBackplane()` of `rx-mcp/redis` serves many. Logs and keys share one namespace.
 *
 * A log is read, never pushed: a reader subscribes to {@link wake$}, then takes what follows its own position with
 * {@link range}. A lost or doubled wake so costs time, but never an entry. Logs are bounded by count and by age.
 *
 * Promises reject when the store cannot be reached. What a rejected {@link append} would have written may be in the log.
 */
export interface Backplane {
  /** The current status, then each change. Never errors. */
  readonly status$: Observable<BackplaneStatus>;

  /** Returns the position of the last entry; `'0'`, the start, for a log without entries. */
  last(log: string): Promise<string>;

  /**
   * Appends a frame, wakes the readers of the log and returns the position of the entry. Appends of one node are in the order of
   * the calls.
   *
   * @param id - the position to write at, in logs that number their entries from `'1'`. When the log has reached that
   * position, nothing is written, so appending again is safe. Default: a position of the store's own.
   */
  append(log: string, frame: string, id?: string): Promise<string>;

  /**
   * Returns the entries that follow a position, in order; empty when `after` is the end. `undefined` when an entry after `after`
   * was trimmed away or lost: a reader that went on would miss it. After `'0'`, returns what the log still holds.
   */
  range(log: string, after: string, count: number): Promise<readonly LogEntry[] | undefined>;

  /**
   * Emits when the subscription is in effect, after each append of any node, and after the store came back. A hint: emissions
   * can be lost and doubled. A log does not expire while subscribed. Never completes or errors.
   */
  wake$(log: string): Observable<void>;

  /** Sends a message, as JSON, to those subscribed to the channel now. Delivered at most once. */
  publish(channel: string, message: unknown): Promise<void>;

  /** The messages of a channel. Hot. Never completes or errors. */
  on$(channel: string): Observable<unknown>;

  /** Returns the value of a key; `undefined` when it has none, or has expired. */
  get(key: string): Promise<unknown>;

  /** Sets a key to a value, kept as JSON, for `ttl` milliseconds. */
  set(key: string, value: unknown, ttl: number): Promise<void>;

  /** Deletes a key or a log. */
  delete(key: string): Promise<void>;

  /** Returns whether a key has a value. */
  alive(key: string): Promise<boolean>;

  /** Releases what the backplane has opened. Called when the server closes. */
  close?(): Promise<void>;
}
