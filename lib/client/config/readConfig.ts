import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { throwError } from 'rxjs';
import { ConfigError } from '../../errors';
import { isObject } from '../../util/isObject';
import { nearestName } from '../../util/nearestName';
import { reasonOf } from '../../util/reasonOf';
import { assertServerConfig } from './assertConfig';
import type { MCPClientConfig, ServerConfig } from './clientConfig';
import { type JsonDocument, JsonSyntaxError, parseJsonWithComments } from './jsonWithComments';
import { addressOf, isDisabled, parseServerEntry } from './serverEntry';
import { expandVariables, UnsetVariableError, type Variables } from './variables';

/** A configuration file of rx-mcp or of another MCP client. */
export interface ConfigFile {
  /** The path as passed by the caller. */
  path: string;
  /** The servers by name, in the order of the file. */
  servers: ReadonlyMap<string, ConfigFileServer>;
}

/** An entry of a configuration file. */
export interface ConfigFileServer {
  /** Whether the file disables the server. */
  disabled: boolean;
  /** The number of the line on which the entry begins, from 1. */
  line: number;
  /** The URL, or the command with its arguments, as written in the file, with variables unexpanded. */
  address: { url?: string; command?: string };
  /**
   * Returns the configuration of the server, with variables expanded.
   *
   * @throws {@link ConfigError} if a member is unknown or invalid, or a variable is not set. The message contains file,
   *   line, server and path.
   */
  config(): ServerConfig;
}

/** The names that clients use for the member that contains the servers. */
const rootNames = ['mcpServers', 'servers'];

/**
 * Reads the servers in a configuration file, in the format of any of the common MCP clients. Node only.
 *
 * Rejects with a {@link ConfigError} if the file cannot be read, is not JSON, or contains no servers.
 */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  const document = await parseFile(path);
  const { value } = document;
  const fail = (reason: string, ...at: string[]): never => {
    throw new ConfigError(`${path}:${document.lineOf(at)}: ${reason}`, { path: at.join('.') || path });
  };
  if (!isObject(value)) return fail('expected an object with mcpServers');
  const root = rootNames.find((name) => value[name] !== undefined);
  if (root === undefined) {
    const similar = Object.keys(value).find((name) => nearestName(name, rootNames) !== undefined);
    return similar === undefined
      ? fail('expected mcpServers or servers')
      : fail(`unknown name; did you mean ${JSON.stringify(nearestName(similar, rootNames))}?`, similar);
  }
  const servers = value[root];
  if (!isObject(servers)) return fail(`${root}: expected an object of servers by name`, root);
  const variables: Variables = { environment: process.env, workspaceFolder: workspaceOf(path), userHome: homedir() };
  return {
    path,
    servers: new Map(
      Object.entries(servers).map(([name, server]) => [
        name,
        {
          disabled: isDisabled(server),
          line: document.lineOf([root, name]),
          address: addressOf(server),
          config: () => located(document, path, root, name, () => serverConfig(name, server, [root, name], variables)),
        },
      ]),
    ),
  };
}

/**
 * Reads a configuration file as the configuration of an {@link MCPClient}, without disabled servers. Rejects with a
 * {@link ConfigError} if the file cannot be read or is invalid.
 *
 * If the configuration of a server contains a variable that is not set, only connecting to this server fails. The other
 * servers stay usable.
 */
export async function readConfig(path: string): Promise<MCPClientConfig> {
  const { servers } = await readConfigFile(path);
  return {
    mcpServers: Object.fromEntries(
      [...servers].filter(([, { disabled }]) => !disabled).map(([name, server]) => [name, configOrFailure(server)]),
    ),
  };
}

function configOrFailure(server: ConfigFileServer): ServerConfig {
  try {
    return server.config();
  } catch (error) {
    if (!(error instanceof ConfigError && error.cause instanceof UnsetVariableError)) throw error;
    return { connector: { options: {}, connect: () => throwError(() => error) } };
  }
}

async function parseFile(path: string): Promise<JsonDocument> {
  try {
    return parseJsonWithComments(await readFile(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof JsonSyntaxError) {
      throw new ConfigError(`${path}:${cause.line}: not valid JSON: ${cause.message}`, { path });
    }
    throw new ConfigError(`${path}: ${reasonOf(cause).message}`, { path, cause });
  }
}

function serverConfig(name: string, server: unknown, path: readonly string[], variables: Variables): ServerConfig {
  const config = expandVariables(parseServerEntry(server, path), variables, path);
  assertServerConfig(name, config);
  return config;
}

/** Runs `read`. If it throws a `ConfigError`, adds the file, the line and the server. */
function located<T>({ lineOf }: JsonDocument, file: string, root: string, server: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    const problem = cause.path ?? '';
    // The validators report paths below `mcpServers`, even if the member has a different name in the file.
    const prefix = [`${root}.${server}`, `mcpServers.${server}`].find((known) => problem.startsWith(known)) ?? '';
    const member = problem.slice(prefix.length + 1);
    const line = lineOf([root, server, ...member.split('.')]);
    const path = [root, server, ...(member === '' ? [] : [member])].join('.');
    throw new ConfigError(`${file}:${line}: ${cause.message.replace(/^configuration: /, '').replace(problem, path)}`, {
      path,
      server,
      cause: cause.cause,
    });
  }
}

/**
 * Returns the project folder of a configuration file: the folder that contains it or, if that is `.vscode` or
 * `.cursor`, the parent folder.
 */
function workspaceOf(path: string): string {
  const folder = dirname(resolve(path));
  return ['.vscode', '.cursor'].includes(basename(folder)) ? dirname(folder) : folder;
}
