import { hasProcesses } from '#platform';
import { ConfigError } from '../../errors';
import {
  assertOptions,
  check,
  isArrayOf,
  isBoolean,
  isFunction,
  isOneOf,
  isString,
  type Validator,
  type Validators,
} from '../../util/options';
import { isObject } from '../../util/isObject';
import { didYouMean } from '../../util/nearestName';
import { connectorChecks } from '../connection/connector';
import { httpChecks, urlProblem } from '../connector/httpConnectorChecks';
import { assertConnector } from '../session/sessionOptions';
import { stdioServerChecks } from '../stdio/stdioServer';
import type { MCPClientConfig, ServerConfig } from './clientConfig';

const assertRoot: Validator = (value, path) => {
  assertOptions(value, { uri: isFileUri, name: isString }, path);
  if (isObject(value)) isFileUri(value['uri'], `${path}.uri`);
};

const isFileUri = check(
  'a URI that begins with file://',
  (value) => typeof value === 'string' && value.startsWith('file://'),
);

const isUrl: Validator = (value, path) => {
  const reason = urlProblem(value);
  if (reason) throw new ConfigError(`${path}: ${reason}`, { path });
};

const isRequired: Validator = (value, path) => {
  check('an object', isObject)(value, path);
};

const serverChecks: Validators = { onNotification: isFunction, disabled: isBoolean };
const roots = isArrayOf(assertRoot);

/** The validators for the configuration of each kind of server, by the member that selects the kind. */
const kinds = {
  url: { ...httpChecks, ...serverChecks, roots, url: isUrl, type: isOneOf('http', 'streamable-http', 'sse') },
  command: { ...connectorChecks, ...stdioServerChecks, ...serverChecks, roots, type: isOneOf('stdio') },
  connector: { ...serverChecks, connector: assertConnector },
} satisfies Record<string, Validators>;

/**
 * Validates the configuration of a client.
 *
 * @throws {@link ConfigError} if the configuration is invalid. The message contains the server, the path and the
 *   reason.
 */
export function assertClientConfig(config: unknown): asserts config is MCPClientConfig {
  located(() => {
    check('an object (MCPClient.fromConfigFile reads files)', isObject)(config, 'config');
    assertOptions(config, { mcpServers: isRequired, onNotification: isFunction });
    const servers = isObject(config) ? config['mcpServers'] : undefined;
    check('an object of servers by name', isObject)(servers, 'mcpServers');
    for (const [name, server] of Object.entries(isObject(servers) ? servers : {})) assertServer(name, server);
  });
}

/**
 * Validates the configuration of a server.
 *
 * @throws {@link ConfigError} if the configuration is invalid. The message contains the server, the path and the
 *   reason.
 */
export function assertServerConfig(server: string, config: unknown): asserts config is ServerConfig {
  located(() => {
    assertServer(server, config);
  }, server);
}

function assertServer(server: string, config: unknown): void {
  const path = `mcpServers.${server}`;
  located(() => {
    check('an object', isObject)(config, path);
    const given = Object.entries(kinds).filter(([key]) => isObject(config) && config[key] !== undefined);
    const [kind, another] = given;
    if (!kind) assertSpelling(config, path);
    if (!kind || another) throw new ConfigError(`${path}: expected one of url, command and connector`, { path });
    if (kind[0] === 'command' && !hasProcesses()) {
      const at = `${path}.command`;
      throw new ConfigError(`${at}: stdio servers require Node`, { path: at });
    }
    assertOptions(config, kind[1], path);
  }, server);
}

/** Throws if an unknown member looks like a misspelled `url`, `command` or `connector`. */
function assertSpelling(config: unknown, path: string): void {
  const known = new Set(Object.values(kinds).flatMap((validators) => Object.keys(validators)));
  for (const name of Object.keys(isObject(config) ? config : {})) {
    const suggestion = known.has(name) ? '' : didYouMean(name, Object.keys(kinds));
    if (suggestion) throw new ConfigError(`${path}.${name}: unknown option${suggestion}`, { path: `${path}.${name}` });
  }
}

/** Runs `assert`. If it throws a `ConfigError`, adds the name of the server and the prefix `configuration: `. */
function located(assert: () => void, server?: string): void {
  try {
    assert();
  } catch (cause) {
    if (!(cause instanceof ConfigError) || cause.message.startsWith(prefix)) throw cause;
    throw new ConfigError(`${prefix}${cause.message}`, {
      ...(cause.path !== undefined && { path: cause.path }),
      ...(server !== undefined && { server }),
    });
  }
}

const prefix = 'configuration: ';
