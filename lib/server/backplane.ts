import type { Observable } from 'rxjs';

/** Whether the store of a {@link Backplane} is reachable. */
export type BackplaneStatus = 'up' | 'down';

/** One entry of a log. */
export interface LogEntry {
  /** The position of the entry: digits, optionally with one `-` between them. Positions increase. */
  readonly id: string;
  /** The text that was appended. */
  readonly frame: string;
  /**
   * The position of the previous entry, `'0'` for the first one. Without it, a reader at `'0'` cannot detect that the first entries
   * were trimmed.
   */
  readonly previous?: string;
}

/**
 * The state that the nodes of a server share: logs of frames, channels for messages, and keys that expire.
 * `memoryBackplane()` stores it in one process, `redisBackplane()` of `rx-mcp/redis` in Redis. Logs and keys share one
 * namespace.
 *
 * Readers pull entries from a log: on each emission of {@link wake$}, a reader calls {@link range} with its own
 * position. Therefore, a lost or duplicated wake-up never loses an entry. Logs are bounded by count and by age.
 *
 * Promises reject with a `ConnectionLostError` if the store is unreachable. A rejected {@link append} may still have
 * appended its entry.
 */
export interface Backplane {
  /** The current status, then each change. Never completes; never errors. */
  readonly status$: Observable<BackplaneStatus>;

  /** Returns the position of the last entry. Returns `'0'`, the start of the log, if there is no entry. */
  last(log: string): Promise<string>;

  /**
   * Appends a frame, wakes the readers of the log, and returns the position of the entry. Calls of one node are
   * executed in order.
   *
   * @param id - the position of the new entry, for logs whose entries are numbered from `'1'`. If the log already has
   *   an entry at this position, nothing is appended, so retrying is safe. Default: the store chooses the position.
   */
  append(log: string, frame: string, id?: string): Promise<string>;

  /**
   * Returns up to `count` entries after a position, in order. Returns an empty array at the end of the log. Returns
   * `undefined` if an entry after the position was trimmed or lost, so that the reader can detect the loss. After
   * `'0'`, returns the entries that the log still has.
   */
  range(log: string, after: string, count: number): Promise<readonly LogEntry[] | undefined>;

  /**
   * Emits when the subscription has taken effect, after each append by any node, and after the store has recovered from
   * an outage. Emissions can be lost or duplicated. While subscribed, the log does not expire. Never completes; never
   * errors.
   */
  wake$(log: string): Observable<void>;

  /** Sends a message, as JSON, to the current subscribers of a channel. Each receives it at most once. */
  publish(channel: string, message: unknown): Promise<void>;

  /** Returns the messages of a channel. Hot. Never completes; never errors. */
  on$(channel: string): Observable<unknown>;

  /** Returns the value of a key. Returns `undefined` if the key has no value or has expired. */
  get(key: string): Promise<unknown>;

  /** Sets the value of a key, as JSON. The key expires after `ttl` milliseconds. */
  set(key: string, value: unknown, ttl: number): Promise<void>;

  /** Deletes a key or a log. */
  delete(key: string): Promise<void>;

  /** Returns whether a key has a value and has not expired. */
  alive(key: string): Promise<boolean>;

  /** Releases the connections that the backplane has opened. Called when the server closes. */
  close?(): Promise<void>;
}
