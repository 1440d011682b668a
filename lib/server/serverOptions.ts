import type * as sdk from '@modelcontextprotocol/server';
import { asyncScheduler, isObservable, type SchedulerLike } from 'rxjs';
import { assertJson } from '../util/assertJson';
import {
  assertObject,
  assertOptions,
  check,
  hasMethods,
  isDuration,
  isFunction,
  isOneOf,
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

/** The capabilities that a server declares. */
export interface ServerCapabilities extends sdk.ServerCapabilities {}

/** Options for {@link MCPServer}. */
export interface MCPServerOptions {
  /** The tools. A change is announced to the clients whose list has changed. Default: the server has no tools. */
  tools?: ListSource<ToolDefinition> | undefined;
  /** The prompts. A change is announced as for `tools`. Default: the server has no prompts. */
  prompts?: ListSource<PromptDefinition> | undefined;
  /** The resources and resource templates. A change is announced as for `tools`. Default: the server has no resources. */
  resources?: ListSource<ResourceDefinition> | undefined;
  /** Usage instructions for the client's model. Default: none. */
  instructions?: string | undefined;
  /** Capabilities to declare in addition to those implied by the other options. Default: none. */
  capabilities?: ServerCapabilities | undefined;
  /** Completes arguments of prompts and URI templates. Default: the server does not support completion. */
  completions?: Completer | undefined;
  /**
   * `idle`: milliseconds without use after which a session ends, default 1,800,000. `max`: the maximum number of sessions of this
   * node, default 10,000. `false`: the server is stateless.
   */
  sessions?: { idle?: number | undefined; max?: number | undefined } | false | undefined;
  /**
   * The messages that a stream keeps for clients that resume it: `events`, default 1,000, each for `for` milliseconds, default
   * 300,000. `false`: none.
   */
  replay?: { events?: number | undefined; for?: number | undefined } | false | undefined;
  /** The maximum number of bytes that may wait for a client that reads slowly. Default 1,048,576. */
  buffer?: number | undefined;
  /** The interval between comments that keep a stream open, in milliseconds, or `false` for no comments. Default 15,000. */
  keepAlive?: number | false | undefined;
  /**
   * The time within which several changes of one list, or of one resource, become one notification, in milliseconds. Default 50.
   */
  coalesce?: number | undefined;
  /** The protocol versions to serve. Default `'both'`. */
  eras?: 'both' | 'legacy' | 'modern' | undefined;
  /**
   * The host names, without ports, that the `Host` header may have. Set this option whenever the server listens on loopback.
   * Default: any.
   */
  hosts?: readonly string[] | undefined;
  /**
   * The host names, without ports, that the `Origin` header may have. A request without the header is accepted. Default: `hosts`.
   */
  origins?: readonly string[] | undefined;
  /** Returns the user of a request. Default: `authInfo.extra.sub`, otherwise `authInfo.clientId`. */
  principal?: ((authInfo: AuthInfo) => string | undefined) | undefined;
  /**
   * The key that signs the state of a call that requests input. A 2026-07-28 client returns the state with the answers. At least 32
   * bytes, and the same on all nodes. Default: random.
   */
  secret?: string | Uint8Array | undefined;
  /** The shared state of the server's nodes. Default: this process is the only node. */
  backplane?: Backplane | undefined;
  /** The scheduler of all delays and timeouts. Default: RxJS's `asyncScheduler`. */
  scheduler?: SchedulerLike | undefined;
}

const isCount = check('a number of at least 1', (value) => typeof value === 'number' && value >= 1);
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
  coalesce: check('a number of at least 0', (value) => typeof value === 'number' && value >= 0),
  eras: isOneOf('both', 'legacy', 'modern'),
  hosts: isHostNames,
  origins: isHostNames,
  principal: isFunction,
  secret: isSecret,
  backplane: hasMethods('a Backplane', 'append', 'range', 'wake$', 'publish', 'on$', 'get', 'set', 'delete', 'alive'),
  scheduler: hasMethods('a scheduler', 'now', 'schedule'),
};

/** The options of a server with the defaults filled in. */
export interface ServerSettings extends MCPServerOptions {
  readonly sessions: { readonly idle: number; readonly max: number } | false;
  readonly replay: { readonly events: number; readonly for: number } | false;
  readonly buffer: number;
  readonly keepAlive: number | false;
  readonly coalesce: number;
  readonly eras: 'both' | 'legacy' | 'modern';
  readonly principal: (authInfo: AuthInfo) => string | undefined;
  readonly backplane: Backplane;
  /** Whether the backplane may have other nodes. */
  readonly isShared: boolean;
  readonly scheduler: SchedulerLike;
}

/**
 * Validates options and fills in the defaults.
 *
 * @throws `ConfigError` for the first invalid option.
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
