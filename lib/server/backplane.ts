import type { Observable } from 'rxjs';

/** Whether the store behind a {@link Backplane} is reachable. */
export type BackplaneStatus = 'up' | 'down';

/** One entry of a log. */
export interface LogEntry {
  /** The position of the entry: digits, with at most one `-` between them. Later entries have later positions. */
  readonly id: string;
  /** The text that was appended. */
  readonly frame: string;
}

/**
 * The state that the nodes of one server share: logs of frames, channels, and keys that expire. `memoryBackplane()` works in one
 * process, `redisBackplane()` of `rx-mcp/redis` across many. Logs and keys share one namespace.
 *
 * Readers pull from a log: a reader subscribes to {@link wake$}, then reads the entries after its own position with {@link
 * range}. A lost or duplicated wake-up therefore never loses an entry. Logs are bounded by count and by age.
 *
 * Promises reject with a `ConnectionLostError` if the store is unreachable. The entry of a rejected {@link append} may still be in the log.
 */
export interface Backplane {
  /** The current status, then each change. Never errors. */
  readonly status$: Observable<BackplaneStatus>;

  /** Returns the position of the last entry, or `'0'`, the start, for a log without entries. */
  last(log: string): Promise<string>;

  /**
   * Appends a frame, wakes the readers of the log and returns the position of the entry. Frames of one node are appended in the
   * order of the calls.
   *
   * @param id - the position of the new entry, in logs whose entries are numbered from `'1'`. If the log has already reached that
   * position, nothing is appended, so appending again is safe. Default: the store chooses the position.
   */
  append(log: string, frame: string, id?: string): Promise<string>;

  /**
   * Returns the entries after a position, in order. Returns an empty array at the end of the log, and `undefined` if an entry
   * after `after` was trimmed or lost, because a reader that continued would miss it. After `'0'`, returns the entries that the
   * log still has.
   */
  range(log: string, after: string, count: number): Promise<readonly LogEntry[] | undefined>;

  /**
   * Emits once the subscription is in effect, after each append of any node, and after the store has recovered. Emissions are
   * only hints, and can be lost or duplicated. A log does not expire while subscribed. Never completes or errors.
   */
  wake$(log: string): Observable<void>;

  /** Sends a message, as JSON, to the current subscribers of the channel. Delivered at most once. */
  publish(channel: string, message: unknown): Promise<void>;

  /** The messages of a channel. Hot. Never completes or errors. */
  on$(channel: string): Observable<unknown>;

  /** Returns the value of a key, or `undefined` if it has none or has expired. */
  get(key: string): Promise<unknown>;

  /** Sets the value of a key, stored as JSON, for `ttl` milliseconds. */
  set(key: string, value: unknown, ttl: number): Promise<void>;

  /** Deletes a key or a log. */
  delete(key: string): Promise<void>;

  /** Returns whether a key has a value. */
  alive(key: string): Promise<boolean>;

  /** Releases the resources that the backplane has opened. Called when the server closes. */
  close?(): Promise<void>;
}
