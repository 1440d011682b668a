import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ConfigFile, type ConfigFileServer, readConfigFile } from '../client/config/readConfig';
import { ConfigError } from '../errors';
import { nearestName } from '../util/nearestName';
import { UsageError } from './usageError';

/** A server from a configuration file, and the file that contains it. */
export interface FoundServer {
  file: ConfigFile;
  server: ConfigFileServer;
}

/**
 * Finds a server by name. Reads the configuration files in order, up to the first one that contains the name.
 *
 * Rejects with a `UsageError` if no file contains the name. Suggests a URL if the name looks like a URL without a
 * scheme. Rejects with a `ConfigError` if a file that comes first cannot be read.
 */
export async function findServer(name: string, given?: string): Promise<FoundServer> {
  const known: string[] = [];
  const paths = configPaths(given);
  for (const path of paths) {
    const file = await readIfServers(path, given);
    const server = file?.servers.get(name);
    if (file && server) return { file, server };
    known.push(...(file?.servers.keys() ?? []));
  }
  const url = urlOf(name);
  if (url) throw new UsageError(`target ${JSON.stringify(name)}: expected a URL; did you mean ${JSON.stringify(url)}?`);
  const nearest = nearestName(name, known);
  const where =
    paths.length === 0 ? '; no configuration file was found, and a command comes after --' : ` in ${paths.join(', ')}`;
  const suggestion = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
  throw new UsageError(`target ${JSON.stringify(name)}: neither a URL nor the name of a server${where}${suggestion}`);
}

/** Returns the URL for a name that looks like a URL without a scheme, because it has a port or a path. */
function urlOf(name: string): string | undefined {
  const [, host] = /^(\[[\da-f:]+\]|[\w-]+(?:\.[\w-]+)*)(?::\d+|(?=\/))(?:\/\S*)?$/i.exec(name) ?? [];
  if (host === undefined) return undefined;
  const isLoopback = /^(localhost|127\.[\d.]+|\[::1\])$/i.test(host);
  return `${isLoopback ? 'http' : 'https'}://${name}`;
}

/** Returns the given path or, by default, the paths of the configuration files that exist. */
export function configPaths(given?: string): string[] {
  if (given !== undefined) return [given];
  // In the home directory, a project file and a user file may be the same file.
  const paths = new Map<string, string>();
  for (const path of [...projectFiles.map((name) => `./${name}`), ...userFiles()]) {
    if (existsSync(path) && !paths.has(resolve(path))) paths.set(resolve(path), path);
  }
  return [...paths.values()];
}

/**
 * Reads a configuration file. Resolves with `undefined` for a settings file of another client that lists no servers,
 * unless the file was given explicitly.
 */
export async function readIfServers(path: string, given?: string): Promise<ConfigFile | undefined> {
  try {
    return await readConfigFile(path);
  } catch (error) {
    if (given === undefined && error instanceof ConfigError && error.message.endsWith(noServers)) return undefined;
    throw error;
  }
}

const noServers = 'expected mcpServers or servers';

const projectFiles = ['.mcp.json', 'mcp.json', '.vscode/mcp.json', '.cursor/mcp.json'];

/** Returns the user's configuration files of Cursor, Claude, VS Code, Windsurf and Gemini, in this order. */
function userFiles(): string[] {
  const home = homedir();
  const settings = settingsFolder(home);
  return [
    join(home, '.cursor', 'mcp.json'),
    join(home, '.claude.json'),
    join(settings, 'Claude', 'claude_desktop_config.json'),
    join(settings, 'Code', 'User', 'mcp.json'),
    join(home, '.codeium', 'windsurf', 'mcp_config.json'),
    join(home, '.gemini', 'settings.json'),
  ];
}

function settingsFolder(home: string): string {
  if (process.platform === 'win32') return process.env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support');
  return process.env['XDG_CONFIG_HOME'] ?? join(home, '.config');
}
