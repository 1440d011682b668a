import { ConfigError } from '../../errors';
import { isObject } from '../../util/isObject';
import { didYouMean } from '../../util/nearestName';
import { connectorChecks } from '../connection/connector';
import { httpChecks } from '../connector/httpConnectorChecks';

/** The names that clients use for the member that contains the URL. */
const urlNames = ['url', 'serverUrl', 'httpUrl'];
const stdioNames = ['command', 'args', 'env', 'cwd', 'stderr'];
const commonNames = ['disabled', 'enabled', 'type', 'transport'];

/** The known values of `type`, without separators. */
const types: Readonly<Record<string, 'url' | 'command'>> = {
  http: 'url',
  streamablehttp: 'url',
  sse: 'url',
  stdio: 'command',
  local: 'command',
  remote: 'url',
};

/** Members that are ignored, because they configure the user interface or the policy of another client. */
const ignoredNames = new Set([
  ...['name', 'description', 'title', 'icon', 'version', 'gallery', 'source', 'dev', 'metadata', 'note', '$comment'],
  ...['alwaysAllow', 'autoApprove', 'autoStart', 'alwaysLoad', 'trust', 'timeout', 'startup_timeout_sec'],
  ...['tools', 'includeTools', 'excludeTools', 'disabledTools', 'enabledTools', 'allowedTools'],
]);

/** Whether an entry has `disabled: true` or `enabled: false`. */
export function isDisabled(value: unknown): boolean {
  return isObject(value) && (value['disabled'] === true || value['enabled'] === false);
}

/** Returns the address of a server, as written in the file. */
export function addressOf(value: unknown): { url?: string; command?: string } {
  if (!isObject(value)) return {};
  const url = urlNames.map((name) => value[name]).find((given) => typeof given === 'string');
  const { command, args } = value;
  if (url !== undefined) return { url };
  if (typeof command !== 'string') return {};
  const words: unknown[] = Array.isArray(args) ? args : [];
  return { command: [command, ...words].map(String).join(' ') };
}

/**
 * Converts an entry of a configuration file to the member names that `MCPClient` uses. Variables are not expanded.
 *
 * @param path - the path of the entry in the file, for example `['servers', 'files']`.
 * @throws {@link ConfigError} with the path of the first member that is unknown or invalid.
 */
export function parseServerEntry(value: unknown, path: readonly string[]): Record<string, unknown> {
  const fail = (reason: string, ...member: string[]): never => {
    const at = [...path, ...member].join('.');
    throw new ConfigError(`${at}: ${reason}`, { path: at });
  };
  if (!isObject(value)) return fail('expected an object');
  for (const name of ['disabled', 'enabled']) {
    if (![undefined, null, true, false].some((state) => state === value[name])) fail('expected true or false', name);
  }
  const kinds = [...urlNames, 'command'].filter((name) => value[name] !== undefined);
  const [name = '', second] = kinds;
  if (second !== undefined) fail(`expected one of ${kinds.join(' and ')}, not both`);
  const kind = name === 'command' ? 'command' : 'url';
  const type = value['type'] ?? value['transport'];
  const expected = typeof type === 'string' ? types[type.toLowerCase().replace(/[-_ ]/g, '')] : undefined;
  if (type !== undefined && !expected) fail('expected http, streamable-http, sse or stdio', 'type');
  const known = knownNames(expected ?? kind);
  for (const member of Object.keys(value)) {
    if (!known.has(member) && !ignoredNames.has(member)) fail(`unknown name${didYouMean(member, known)}`, member);
  }
  if (name === '') fail(`expected a ${expected ?? 'url or a command'}`);
  if (expected && expected !== kind) fail(`expected a server with a ${expected}, got one with a ${name}`, 'type');
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member, content]) => known.has(member) && !commonNames.includes(member) && content !== null)
      .map(([member, content]) => [urlNames.includes(member) ? 'url' : member, asText(member, content)]),
  );
}

function knownNames(kind: 'url' | 'command'): Set<string> {
  const names =
    kind === 'url' ? [...urlNames, ...Object.keys(httpChecks)] : [...stdioNames, ...Object.keys(connectorChecks)];
  return new Set([...commonNames, 'command', 'url', 'roots', ...names]);
}

/**
 * Converts environment variables and headers that are numbers or booleans to strings. Removes those that are `null`.
 */
function asText(member: string, content: unknown): unknown {
  if (!isObject(content) || !['env', 'headers'].includes(member)) return content;
  return Object.fromEntries(
    Object.entries(content)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'number' || typeof value === 'boolean' ? String(value) : value]),
  );
}
