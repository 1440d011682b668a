import { basename } from 'node:path';
import { catchError, defer, type Observable, switchMap, throwError } from 'rxjs';
import type { ServerConfig } from '../client/config/clientConfig';
import type { Connection } from '../client/connection/connection';
import type { Connector, ConnectorOptions, Engine, EngineTarget } from '../client/connection/connector';
import { HttpConnector } from '../client/connector/httpConnector';
import { ConfigError, ConnectionFailedError, ServerError } from '../errors';
import { catchBeforeFirst } from '../operator/catchBeforeFirst';
import { type CommandLine } from './commandLine';
import { findServer } from './configFiles';
import { UsageError } from './usageError';

/** A server that was selected on the command line. */
export interface Target {
  /** The name to use for the server in the output. */
  name: string;
  connector: Connector;
}

/**
 * Resolves the targets of a command: names and URLs, or the command after `--`. Rejects with a `UsageError` or a
 * `ConfigError`.
 */
export async function resolveTargets(line: CommandLine, words: readonly string[]): Promise<Target[]> {
  const options = { engine: await engineOf(line.text('era')) };
  const { headers, env } = overrides(line);
  if (line.program) {
    if (words.length > 0)
      throw new UsageError(`target: expected either ${JSON.stringify(words[0])} or a command after --`);
    const [command = '', ...args] = line.program;
    return [{ name: basename(command), connector: await connectorOf({ command, args }, options, headers, env) }];
  }
  return Promise.all(
    words.map(async (word) => {
      const name = /^\w+:\/\//.test(word) ? hostOf(word) : word;
      const config = name === word ? await namedServer(word, line.text('config')) : { url: word };
      return { name, connector: await connectorOf(config, options, headers, env) };
    }),
  );
}

/** Resolves the only target of a command: a name or URL, or the command after `--`. */
export async function resolveTarget(line: CommandLine, word: string | undefined): Promise<Target> {
  const [target] = await resolveTargets(line, word === undefined ? [] : [word]);
  if (!target) throw new UsageError('target: expected a URL, the name of a server, or a command after --');
  return target;
}

function hostOf(word: string): string {
  return URL.canParse(word) ? new URL(word).host : 'url';
}

async function namedServer(name: string, given: string | undefined): Promise<ServerConfig> {
  const { file, server } = await findServer(name, given);
  if (server.disabled) throw new UsageError(`target ${JSON.stringify(name)}: disabled (${file.path}:${server.line})`);
  return server.config();
}

type Texts = Readonly<Record<string, string>>;

async function connectorOf(
  config: ServerConfig,
  options: ConnectorOptions,
  headers: Texts,
  env: Texts,
): Promise<Connector> {
  if ('url' in config) {
    if (Object.keys(env).length > 0) throw new UsageError('--env: expected a server that is a command');
    const { url, onNotification: _, ...given } = config;
    const merged = new Headers(given.headers);
    for (const [name, value] of Object.entries(headers)) merged.set(name, value);
    return new HttpConnector(url, { ...given, ...options, headers: merged });
  }
  if ('command' in config) {
    if (Object.keys(headers).length > 0) throw new UsageError('--header: expected a server at a URL');
    const { StdioConnector } = await import('../client/stdio/stdioConnector');
    return new StdioConnector({ ...config, env: { ...config.env, ...env } }, options);
  }
  throw new ConfigError('target: expected a url or a command');
}

function overrides(line: CommandLine): { headers: Texts; env: Texts } {
  const headers = line.texts('header').map((text): [string, string] => {
    const [, name = '', value = ''] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/.exec(text) ?? [];
    if (name === '') throw new UsageError("--header: expected 'name: value'");
    return [name, value];
  });
  return { headers: Object.fromEntries(headers), env: environmentOf(line) };
}

/** Returns the environment variables that `--env` sets. */
export function environmentOf(line: CommandLine): Texts {
  const env = line.texts('env').map((text): [string, string] => {
    const end = text.indexOf('=');
    if (end < 1) throw new UsageError('--env: expected NAME=value');
    return [text.slice(0, end), text.slice(end + 1)];
  });
  return Object.fromEntries(env);
}

/** Returns the engine for `--era`. With `auto`, the engine for 2026-07-28 is loaded only if a server requires it. */
async function engineOf(era = 'auto'): Promise<Engine | undefined> {
  if (era === 'legacy') return undefined;
  if (era !== 'modern' && era !== 'auto') {
    throw new UsageError(`--era: expected legacy, modern or auto, got ${JSON.stringify(era)}`);
  }
  if (era === 'modern') return (await import('../client/modern/modern')).modern({ negotiation: 'modern' });
  return autoEngine;
}

/**
 * Connects with a protocol version up to 2025-11-25, in which servers send more notifications. If the server rejects
 * that, connects with 2026-07-28.
 */
function autoEngine(target: EngineTarget): Observable<Connection> {
  return target.legacy$.pipe(
    catchBeforeFirst((error) => {
      if (!isRefusal(error)) throw error;
      return defer(() => import('../client/modern/modern')).pipe(
        switchMap(({ modern }) => modern({ negotiation: 'modern' })(target)),
        catchError(() => throwError(() => error)),
      );
    }),
  );
}

/** Whether an error means that the server rejected `initialize`, as opposed to being unreachable. */
function isRefusal(error: unknown): boolean {
  return error instanceof ConnectionFailedError && (error.status === 400 || error.cause instanceof ServerError);
}
