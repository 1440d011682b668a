import type { ServerCapabilities } from '@modelcontextprotocol/server';
import { asyncScheduler, isObservable, type SchedulerLike } from 'rxjs';
import { assertOptions, check, hasMethods, isDuration, isFunction, isOneOf, type Validator } from '../util/options';
import type { Backplane } from './backplane';
import { defaultPrincipal, type AuthInfo } from './caller';
import type { Listed } from './listed';
import { memoryBackplane } from './memoryBackplane';
import type { PromptDefinition } from './prompt';
import type { Completer } from './requestHandlers';
import type { ResourceDefinition } from './resource';
import type { ToolDefinition } from './tool';

/** Options for {@link MCPServer}. */
export interface MCPServerOptions {
  /** The tools. A change of the list is announced to the clients whose list changed. Default: the server has no tools. */
  tools?: Listed<ToolDefinition>;
  /** The prompts, as `tools`. */
  prompts?: Listed<PromptDefinition>;
  /** The resources and resource templates, as `tools`. */
  resources?: Listed<ResourceDefinition>;
  /** How to use the server, for the client's model. */
  instructions?: string;
  /** Capabilities to declare besides those that follow from the other options. */
  capabilities?: ServerCapabilities;
  /** Completes arguments of prompts and URI templates. */
  completions?: Completer;
  /** `idle`: ms without use after which a session ends, default 1,800,000. `max`: sessions of this node, default 10,000. `false`: stateless. */
  sessions?: { idle?: number; max?: number } | false;
  /** What a stream keeps for clients that resume: `events`, default 1,000, for `for` ms, default 300,000. `false`: nothing. */
  replay?: { events?: number; for?: number } | false;
  /** Bytes that a client may lag behind. Default 1,048,576. */
  buffer?: number;
  /** Ms between comments that keep a stream open. Default 15,000. */
  keepAlive?: number | false;
  /** Ms within which changes of one list, or of one resource, become one notification. Default 50. */
  coalesce?: number;
  /** Which protocol versions are served. Default `'both'`. */
  eras?: 'both' | 'legacy' | 'modern';
  /** Names, without ports, that the `Host` header may have. Set it wherever the server listens on loopback. Default: any. */
  hosts?: readonly string[];
  /** Names, without ports, that the `Origin` header may have; a request without one passes. Default: `hosts`. */
  origins?: readonly string[];
  /** The user of a request. Default: `authInfo.extra.sub`, else `authInfo.clientId`. */
  principal?: (authInfo: AuthInfo) => string | undefined;
  /** Signs what a 2026-07-28 client carries between rounds of a call: 32 bytes or more, the same on all nodes. Default: random. */
  secret?: string | Uint8Array;
  /** What the nodes of the server share. Default: this process alone. */
  backplane?: Backplane;
  /** Default: RxJS's `asyncScheduler`. */
  scheduler?: SchedulerLike;
}

const isCount = check('a number of at least 1', (value) => typeof value === 'number' && value >= 1);
const isNames = check(
  'an array of names',
  (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
);
const isListed = check('an array, an Observable or a function', (value) => {
  return Array.isArray(value) || isObservable(value) || typeof value === 'function';
});
const isSecret = check('at least 32 bytes', (value) => {
  return value instanceof Uint8Array ? value.byteLength >= 32 : typeof value === 'string' && value.length >= 32;
});

const checks: Record<string, Validator> = {
  tools: isListed,
  prompts: isListed,
  resources: isListed,
  completions: isFunction,
  sessions: (value, path) => value !== false && assertOptions(value, { idle: isDuration(), max: isCount }, path),
  replay: (value, path) => value !== false && assertOptions(value, { events: isCount, for: isDuration() }, path),
  buffer: isCount,
  keepAlive: isDuration(false),
  coalesce: check('a number of at least 0', (value) => typeof value === 'number' && value >= 0),
  eras: isOneOf('both', 'legacy', 'modern'),
  hosts: isNames,
  origins: isNames,
  principal: isFunction,
  secret: isSecret,
  backplane: hasMethods('a Backplane', 'append', 'range', 'wake$', 'publish', 'on$', 'get', 'set', 'delete', 'alive'),
  scheduler: hasMethods('a scheduler', 'now', 'schedule'),
};

/** The options of a server with their defaults. */
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
 * Checks options and fills in the defaults.
 *
 * @throws `ConfigError` for the first that is invalid.
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
