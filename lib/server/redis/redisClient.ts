import { createClient } from '@redis/client';
import { ConfigError } from '../../errors';
import { isObject } from '../../util/isObject';
import {
  assertObject,
  assertOptions,
  check,
  hasMethods,
  isAnything,
  isAtLeast,
  isBoolean,
  isString,
  type Validator,
} from '../../util/options';
import { reasonOf } from '../../util/reasonOf';

/** Options for `createClient` of `@redis/client`: `url`, `socket`, `username`, `password` and so on. */
export type RedisConnectionOptions = NonNullable<Parameters<typeof createClient>[0]>;

/** The members of a client of `@redis/client`, version 5 or later, that the backplane uses. */
export interface RedisClient {
  /** Whether the client has been connected and not been closed since. */
  readonly isOpen: boolean;
  /** Whether the client can currently send commands. */
  readonly isReady: boolean;
  /** Connects. From then on, the client reconnects when the connection is lost. */
  connect(): Promise<unknown>;
  /** Closes the connection and rejects pending commands. */
  destroy(): void;
  /** Creates another client with the same options. The client is not connected. */
  duplicate(): RedisClient;
  /** Adds a listener. */
  on(event: 'ready' | 'error' | 'end', listener: (error?: unknown) => void): unknown;
  /** Removes a listener. */
  off(event: 'ready' | 'error' | 'end', listener: (error?: unknown) => void): unknown;
  /** Sends the command `SUBSCRIBE`. */
  subscribe(channels: string | string[], listener: RedisListener): Promise<void>;
  /** Sends the command `UNSUBSCRIBE`. */
  unsubscribe(channels: string | string[], listener: RedisListener): Promise<void>;
  /** Sends the command `PUBLISH`. */
  publish(channel: string, message: string): Promise<unknown>;
  /** Sends the command `SCRIPT LOAD`. */
  scriptLoad(script: string): Promise<string>;
  /** Sends the command `EVALSHA`. */
  evalSha(sha1: string, options: ScriptOptions): Promise<unknown>;
  /** Sends the command `EVAL`. */
  eval(script: string, options: ScriptOptions): Promise<unknown>;
  /** Sends the command `XRANGE`. */
  xRange(key: string, start: string, end: string, options?: { COUNT?: number }): Promise<readonly StreamEntry[] | null>;
  /** Sends the command `XREVRANGE`. */
  xRevRange(
    key: string,
    start: string,
    end: string,
    options?: { COUNT?: number },
  ): Promise<readonly StreamEntry[] | null>;
  /** Sends the command `GET`. */
  get(key: string): Promise<string | null>;
  /** Sends the command `SET`. */
  set(key: string, value: string, options: { expiration: { type: 'PX'; value: number } }): Promise<unknown>;
  /** Sends the command `EXISTS`. */
  exists(key: string): Promise<number>;
  /** Sends the command `DEL`. */
  del(key: string): Promise<number>;
  /** Sends the command `PEXPIRE`. */
  pExpire(key: string, ms: number): Promise<unknown>;
}

/** Called with each message and its channel. */
export type RedisListener = (message: string, channel: string) => void;

/** The keys and arguments of a script. */
export interface ScriptOptions {
  /** The keys, as `KEYS` in the script. */
  keys: string[];
  /** The arguments, as `ARGV` in the script. */
  arguments: string[];
}

/** An entry of a Redis stream. */
export interface StreamEntry {
  /** The position in the stream. */
  id: string;
  /** The fields of the entry. */
  message: Readonly<Record<string, string>>;
}

const pingIntervalMs = 1_000;
const socketTimeoutMs = 4_000;
const maxRetryDelayMs = 2_000;
const maxPendingCommands = 50_000;

/** Validators for the options of `createClient`. The type ensures that the list is complete. */
const names: Record<keyof RedisConnectionOptions, Validator> = {
  url: isString,
  socket: assertObject,
  username: isString,
  password: isString,
  credentialsProvider: assertObject,
  name: isString,
  database: isAtLeast(0),
  keyPrefix: isAnything,
  commandsQueueMaxLength: isAtLeast(1),
  disableOfflineQueue: isBoolean,
  readonly: isBoolean,
  pingInterval: isAtLeast(1),
  commandOptions: assertObject,
  clientSideCache: assertObject,
  himportRegistry: assertObject,
  disableClientInfo: isBoolean,
  clientInfoTag: isString,
  emitInvalidate: isBoolean,
  maintNotifications: isString,
  maintEndpointType: isString,
  maintRelaxedCommandTimeout: isAtLeast(0),
  maintRelaxedSocketTimeout: isAtLeast(0),
  modules: assertObject,
  functions: assertObject,
  scripts: assertObject,
  RESP: isAnything,
};

const hasAddress = check('a url, or a socket with a host, a port or a path', (options) => {
  if (!isObject(options)) return false;
  const { url, socket } = options;
  return url !== undefined || (isObject(socket) && addressNames.some((name) => socket[name] !== undefined));
});
const addressNames = ['host', 'port', 'path'];

const isClient = hasMethods(
  'a client of @redis/client, version 5 or later',
  ...['connect', 'destroy', 'duplicate', 'on', 'off', 'subscribe', 'unsubscribe', 'publish', 'scriptLoad', 'evalSha'],
  ...['eval', 'xRange', 'xRevRange', 'get', 'set', 'exists', 'del', 'pExpire'],
);

/**
 * Whether `connection` is a client, as opposed to options for a client.
 *
 * @throws `ConfigError` if `connection` is neither: options must contain an address, and no unknown members. Without an
 *   address, a client would connect to a Redis server on this machine.
 */
export function isRedisClient(connection: RedisConnectionOptions | RedisClient): connection is RedisClient {
  assertObject(connection, 'connection');
  if ('duplicate' in connection) {
    isClient(connection, 'connection');
    return true;
  }
  assertOptions(connection, names, 'connection');
  hasAddress(connection, 'connection');
  return false;
}

/**
 * Creates a client that detects when Redis stops responding, reconnects without limit, and rejects commands immediately
 * while disconnected. `options` override these defaults.
 *
 * @throws `ConfigError` if the client rejects the options, for example because of an invalid URL.
 */
export function createRedisClient({ socket, ...options }: RedisConnectionOptions): RedisClient {
  try {
    return createClient({
      pingInterval: pingIntervalMs,
      commandsQueueMaxLength: maxPendingCommands,
      disableOfflineQueue: true,
      ...options,
      socket: {
        socketTimeout: socketTimeoutMs,
        reconnectStrategy: (retries) => Math.random() * Math.min(maxRetryDelayMs, 50 * 2 ** retries),
        ...socket,
      },
    });
  } catch (error) {
    // Without `cause`, because the original error may contain a URL with a password.
    throw new ConfigError(`connection: ${reasonOf(error).message}`, { path: 'connection' });
  }
}
