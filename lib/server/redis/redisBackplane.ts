import { ErrorReply } from '@redis/client';
import { BehaviorSubject, distinctUntilChanged, filter, interval, map } from 'rxjs';
import { ConnectionLostError } from '../../errors';
import { assertOptions, isAtLeast, isString } from '../../util/options';
import { reasonOf } from '../../util/reasonOf';
import type { Backplane, BackplaneStatus } from '../backplane';
import { takeContiguous, type LinkedEntry } from '../takeContiguous';
import { appendScript } from './appendScript';
import {
  createRedisClient,
  isRedisClient,
  type RedisClient,
  type RedisConnectionOptions,
  type ScriptOptions,
  type StreamEntry,
} from './redisClient';
import { createRedisTopics } from './redisTopics';

/** Options for {@link redisBackplane}. Read when the backplane is created. */
export interface RedisBackplaneOptions {
  /** The prefix of every key and channel. Servers that share a Redis need different prefixes. Default `'rx-mcp:'`. */
  prefix?: string | undefined;
  /** The number of entries to keep per log. Redis may keep a few hundred more. Default 1,000. */
  events?: number | undefined;
  /** How long to keep an entry, and how long to keep a log without readers, in milliseconds. Default 300,000. */
  for?: number | undefined;
}

/** The events of a client that indicate a change of its connection. */
const changes = ['ready', 'error', 'end'] as const;

/** Matches a position that Redis can parse: one or two 64-bit numbers. */
const position = /^\d{1,19}(-\d{1,19})?$/;

/**
 * Creates a {@link Backplane} that uses Redis Streams, for servers with many nodes. Requires Redis 6.2 or later, or
 * Valkey. Opens two connections.
 *
 * @param connection - options for `createClient` of `@redis/client`, or a client. A client is connected if necessary,
 *   and is not closed with the server. Set its `socketTimeout` and `pingInterval`, so that it detects when Redis stops
 *   responding.
 * @param options - the key prefix, and limits for logs. Default: `{}`.
 * @throws `ConfigError` if `connection` is neither a client nor options with an address, its URL is invalid, or an
 *   option is invalid or unknown.
 *
 * @example
 * new MCPServer(info, { tools, secret, backplane: redisBackplane({ url: process.env.REDIS_URL }) });
 */
export function redisBackplane(
  connection: RedisConnectionOptions | RedisClient,
  options: RedisBackplaneOptions = {},
): Backplane {
  const isOwn = !isRedisClient(connection);
  assertOptions(options, { prefix: isString, events: isAtLeast(1), for: isAtLeast(1) });
  const { prefix = 'rx-mcp:', events = 1_000, for: maxAge = 300_000 } = options;
  const client = isOwn ? createRedisClient(connection) : connection;
  const subscriber = client.duplicate();
  const topics = createRedisTopics(subscriber);
  const status$ = new BehaviorSubject<BackplaneStatus>('down');
  const wakes = `${prefix}w:`;
  let lastError: unknown;
  let scriptSha: string | undefined;

  let settle = ignore;
  /** Resolves when the first attempt to connect has succeeded or failed. */
  const attempted = new Promise<void>((resolve) => (settle = resolve));

  const isUp = (): boolean => client.isReady && subscriber.isReady;
  const onChange = (error?: unknown): void => {
    lastError = error ?? lastError;
    if (client.isReady || error) settle();
    // Load the script before the first append on each new connection. Otherwise, appends would be retried out of order.
    if (client.isReady) client.scriptLoad(appendScript).then((sha) => (scriptSha = sha), ignore);
    if (isUp()) topics.restore().then(() => status$.next(isUp() ? 'up' : 'down'), ignore);
    else status$.next('down');
  };
  onChange();
  for (const each of [client, subscriber]) {
    for (const event of changes) each.on(event, onChange);
    if (!each.isOpen) each.connect().catch(ignore);
  }

  // Prevents logs with readers from expiring while nothing is appended.
  const refreshed = interval(maxAge / 3).subscribe(() => {
    if (!client.isReady) return;
    for (const channel of topics.channels())
      if (channel.startsWith(wakes)) client.pExpire(prefix + channel.slice(wakes.length), maxAge).catch(ignore);
  });

  /**
   * Runs a command. Waits for the first attempt to connect, because a node may receive requests as soon as it has
   * started. After that, fails immediately while disconnected, so that calls do not wait for the store.
   */
  const request = async <T>(command: (client: RedisClient) => Promise<T>): Promise<T> => {
    if (!client.isReady) await attempted;
    // The reason may be an `ErrorReply`, for example because of a wrong password.
    if (!client.isReady) throw notConnected(lastError);
    try {
      return await command(client);
    } catch (cause) {
      throw cause instanceof ErrorReply ? cause : notConnected(cause);
    }
  };

  const runAppend = async (script: ScriptOptions, sha?: string): Promise<unknown> => {
    try {
      return await request((redis) => (sha ? redis.evalSha(sha, script) : redis.eval(appendScript, script)));
    } catch (error) {
      // The script was removed, for example by SCRIPT FLUSH.
      if (sha && error instanceof ErrorReply && error.message.startsWith('NOSCRIPT')) return runAppend(script);
      throw error;
    }
  };

  const endOf = async (log: string): Promise<string> => {
    const entries = await request((redis) => redis.xRevRange(prefix + log, '+', '-', { COUNT: 1 }));
    return shorten(entries?.[0]?.id ?? '0');
  };

  return {
    status$: status$.pipe(distinctUntilChanged()),
    last: endOf,

    async append(log, frame, id) {
      const args = [frame, String(events), String(maxAge), id ?? '*', wakes + log];
      return shorten(String(await runAppend({ keys: [prefix + log], arguments: args }, scriptSha)));
    },

    async range(log, after, count) {
      if (!position.test(after)) return undefined;
      const read = async (): Promise<LinkedEntry[]> => {
        const entries = await request((redis) => redis.xRange(prefix + log, `(${after}`, '+', { COUNT: count }));
        return entries?.map(toEntry) ?? [];
      };
      const entries = await read();
      if (entries.length > 0) return takeContiguous(after, entries);
      // If the end of the log differs, an entry was appended in the meantime, or the position was lost.
      return after === '0' || (await endOf(log)) === after ? [] : takeContiguous(after, await read());
    },

    wake$: (log) => topics.on$(wakes + log).pipe(map(() => undefined)),

    async publish(channel, message) {
      const text = JSON.stringify(message ?? null);
      await request((redis) => redis.publish(`${prefix}c:${channel}`, text));
    },
    on$: (channel) =>
      topics.on$(`${prefix}c:${channel}`).pipe(
        map(parse),
        filter((message) => message !== undefined),
      ),

    get: async (key) => parse((await request((redis) => redis.get(prefix + key))) ?? undefined),
    async set(key, value, ttl) {
      const expiration = { type: 'PX' as const, value: Math.ceil(ttl) };
      await request((redis) => redis.set(prefix + key, JSON.stringify(value ?? null), { expiration }));
    },
    async delete(key) {
      await request((redis) => redis.del(prefix + key));
    },
    alive: async (key) => (await request((redis) => redis.exists(prefix + key))) === 1,

    close() {
      settle();
      refreshed.unsubscribe();
      subscriber.destroy();
      // The error listener is not removed, because the client emits an error when it is destroyed with pending
      // commands.
      if (isOwn) client.destroy();
      else for (const event of changes) client.off(event, onChange);
      status$.next('down');
      return Promise.resolve();
    },
  };
}

function notConnected(cause: unknown): ConnectionLostError {
  const reason = cause === undefined ? '' : ` (${reasonOf(cause).message})`;
  return new ConnectionLostError(`redis: not connected${reason}`, { cause });
}

function toEntry({ id, message }: StreamEntry): LinkedEntry {
  return { id: shorten(id), frame: message['f'] ?? '', previous: shorten(message['p'] ?? '') };
}

/** Converts `5-0` to `5`, because positions in numbered logs have only one part. */
function shorten(id: string): string {
  return id.replace(/-0$/, '');
}

/** Parses JSON. Returns `undefined` if it is invalid, because other programs may write to the store. */
function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** Ignores the error of a command that failed because the connection was lost. `status$` reports the loss. */
function ignore(): void {}
