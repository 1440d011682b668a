import type * as sdk from '@modelcontextprotocol/server';
import { asyncScheduler, isObservable, type SchedulerLike } from 'rxjs';
import { assertJson } from '../util/assertJson';
import {
  assertObject,
  assertOptions,
  check,
  hasMethods,
  isAtLeast,
  isDuration,
  isFunction,
  isOneOf,
  isScheduler,
  isString,
  type Validator,
} from '../util/options';
import type { Backplane } from './backplane';
import { defaultPrincipal, type AuthInfo } from './caller';
import type { ListSource } from './list';
import { memoryBackplane } from './memoryBackplane';
import type { PromptDefinition } from './prompt';
import type { Completer } from './completion';
import type { ResourceDefinition } from './resource';
import type { ToolDefinition } from './tool';

/** The capabilities that a server declares in the handshake. */
export interface ServerCapabilities extends sdk.ServerCapabilities {}

/** Options for {@link MCPServer}. Read and validated by the constructor. */
export interface MCPServerOptions {
  /**
   * The tools: an array, an Observable of arrays, or a function that returns the list for each caller. When a list
   * changes, the clients that receive it are notified. Default: the server has no tools.
   */
  tools?: ListSource<ToolDefinition> | undefined;
  /** The prompts, in the same forms as `tools`. Default: the server has no prompts. */
  prompts?: ListSource<PromptDefinition> | undefined;
  /** The resources and resource templates, in the same forms as `tools`. Default: the server has no resources. */
  resources?: ListSource<ResourceDefinition> | undefined;
  /** Usage instructions for the client's language model, sent in the handshake. Default: none. */
  instructions?: string | undefined;
  /** Capabilities to declare, in addition to those implied by the other options. Default: none. */
  capabilities?: ServerCapabilities | undefined;
  /**
   * Suggests values for arguments of prompts and URI templates. Default: the server does not support completion.
   *
   * @see https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion
   */
  completions?: Completer | undefined;
  /**
   * Limits for sessions, or `false` for a stateless server, which has no sessions. `idle`: the time without use after
   * which a session ends, in milliseconds, default 1,800,000. `max`: the maximum number of sessions of this node,
   * default 10,000.
   */
  sessions?: { idle?: number | undefined; max?: number | undefined } | false | undefined;
  /**
   * Limits for the messages that are kept for clients that reconnect and resume a stream, or `false` to keep none.
   * `events`: the maximum number of messages per stream, default 1,000. `for`: how long each is kept, in milliseconds,
   * default 300,000.
   */
  replay?: { events?: number | undefined; for?: number | undefined } | false | undefined;
  /**
   * The maximum number of bytes that are buffered for a client that reads slowly. If a response exceeds this limit, its
   * stream ends. Default 1,048,576.
   */
  buffer?: number | undefined;
  /**
   * The interval between the comments that are sent on open streams, in milliseconds, or `false` to send none. Without
   * comments, proxies may close idle streams. Default 15,000.
   */
  keepAlive?: number | false | undefined;
  /**
   * The period within which changes of the same list or resource are combined into one notification, in milliseconds.
   * Default 50.
   */
  coalesce?: number | undefined;
  /**
   * The protocol versions to serve: `'legacy'` for versions up to 2025-11-25, `'modern'` for 2026-07-28, or `'both'`
   * (default).
   */
  eras?: 'both' | 'legacy' | 'modern' | undefined;
  /**
   * The host names, without ports, to accept in the `Host` header. Set this option for a server on a loopback address,
   * to prevent DNS rebinding attacks. Default: any host.
   */
  hosts?: readonly string[] | undefined;
  /**
   * The host names, without ports, to accept in the `Origin` header. A request without this header is accepted.
   * Default: `hosts`.
   */
  origins?: readonly string[] | undefined;
  /**
   * Returns the principal (the user) of a request. A session can be used only by the principal that started it.
   * Default: `authInfo.extra.sub`, or else `authInfo.clientId`.
   */
  principal?: ((authInfo: AuthInfo) => string | undefined) | undefined;
  /**
   * The key that signs the state of a call that requests input, which a 2026-07-28 client sends back with the answers.
   * At least 32 bytes. All nodes of a server need the same key. Default: a random key.
   */
  secret?: string | Uint8Array | undefined;
  /** The state that the nodes of a server share. Default: `memoryBackplane()`, for a server with one node. */
  backplane?: Backplane | undefined;
  /** The scheduler for all delays and timeouts. Replace it to test with virtual time. Default: `asyncScheduler`. */
  scheduler?: SchedulerLike | undefined;
}

const isCount = isAtLeast(1);
const isHostNames = check(
  'an array of host names without scheme and port',
  (value) => Array.isArray(value) && value.every((name) => typeof name === 'string' && !schemeOrPort.test(name)),
);
const schemeOrPort = /\/|^[^:[\]]+:\d+$|\]:\d+$/;
const isListSource = check('an array, an Observable or a function', (value) => {
  return Array.isArray(value) || isObservable(value) || typeof value === 'function';
});
const isSecret = check('at least 32 bytes', (value) => {
  return value instanceof Uint8Array ? value.byteLength >= 32 : typeof value === 'string' && value.length >= 32;
});

const checks: Record<string, Validator> = {
  tools: isListSource,
  prompts: isListSource,
  resources: isListSource,
  instructions: isString,
  capabilities: (value, path) => {
    assertObject(value, path);
    assertJson(value, path);
  },
  completions: isFunction,
  sessions: (value, path) => value !== false && assertOptions(value, { idle: isDuration(), max: isCount }, path),
  replay: (value, path) => value !== false && assertOptions(value, { events: isCount, for: isDuration() }, path),
  buffer: isCount,
  keepAlive: isDuration(false),
  coalesce: isAtLeast(0),
  eras: isOneOf('both', 'legacy', 'modern'),
  hosts: isHostNames,
  origins: isHostNames,
  principal: isFunction,
  secret: isSecret,
  backplane: hasMethods('a Backplane', 'append', 'range', 'wake$', 'publish', 'on$', 'get', 'set', 'delete', 'alive'),
  scheduler: isScheduler,
};

/** The options of a server, with defaults applied. */
export interface ServerSettings extends MCPServerOptions {
  readonly sessions: { readonly idle: number; readonly max: number } | false;
  readonly replay: { readonly events: number; readonly for: number } | false;
  readonly buffer: number;
  readonly keepAlive: number | false;
  readonly coalesce: number;
  readonly eras: 'both' | 'legacy' | 'modern';
  readonly principal: (authInfo: AuthInfo) => string | undefined;
  readonly backplane: Backplane;
  /** Whether the server may have other nodes: `true` if a backplane was passed. */
  readonly isShared: boolean;
  readonly scheduler: SchedulerLike;
}

/**
 * Validates options and applies the defaults.
 *
 * @throws `ConfigError` if an option is invalid.
 */
export function resolveOptions(options: MCPServerOptions): ServerSettings {
  assertOptions(options, checks);
  const { sessions = {}, replay = {}, scheduler = asyncScheduler } = options;
  const kept = { events: 1_000, for: 300_000, ...replay };
  return {
    ...options,
    sessions: sessions && { idle: 1_800_000, max: 10_000, ...sessions },
    replay: replay && kept,
    buffer: options.buffer ?? 1_048_576,
    keepAlive: options.keepAlive ?? 15_000,
    coalesce: options.coalesce ?? 50,
    eras: options.eras ?? 'both',
    principal: options.principal ?? defaultPrincipal,
    backplane: options.backplane ?? memoryBackplane({ ...kept, scheduler }),
    isShared: options.backplane !== undefined,
    scheduler,
  };
}
