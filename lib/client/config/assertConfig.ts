import { hasProcesses } from '#platform';
import { z } from 'zod';
import { ConfigError } from '../../errors';
import { assertOptions, type Validator } from '../../util/options';
import { connectorChecks } from '../connection/connector';
import { httpChecks, urlProblem } from '../connector/httpConnectorChecks';
import type { MCPClientConfig, ServerConfig } from './clientConfig';

/** Made when first needed: who imports an operator is not to pay for schemas. */
function createSchemas() {
  const handler = z.custom((value) => typeof value === 'function', 'expected a function');
  const uri = z.string().refine((value) => value.startsWith('file://'), 'expected a URI that begins with file://');
  const server = z.object({
    roots: z.array(z.object({ uri, name: z.string().optional() })).optional(),
    onNotification: handler.optional(),
  });
  return {
    http: server.extend({
      url: z.unknown().superRefine((url, context) => {
        const message = urlProblem(url);
        if (message) context.addIssue({ code: 'custom', message });
      }),
    }),
    stdio: server.extend({
      command: z.string().min(1),
      args: z.array(z.string()).optional(),
      env: z.record(z.string(), z.string()).optional(),
      cwd: z.string().optional(),
      stderr: z.union([z.enum(['inherit', 'ignore', 'pipe']), z.number().int()]).optional(),
    }),
    client: z.object({
      mcpServers: z.custom(isRecord, 'expected an object of servers by name'),
      onNotification: handler.optional(),
    }),
  };
}

let schemas: ReturnType<typeof createSchemas> | undefined;

/** @throws {@link ConfigError} that names the server, the path and the reason, when the configuration does not fit. */
export function assertClientConfig(config: unknown): asserts config is MCPClientConfig {
  schemas ??= createSchemas();
  check(schemas.client, config);
  const servers = isRecord(config) ? config['mcpServers'] : undefined;
  for (const [name, server] of Object.entries(isRecord(servers) ? servers : {})) assertServerConfig(name, server);
}

/** @throws {@link ConfigError} as above. */
export function assertServerConfig(server: string, config: unknown): asserts config is ServerConfig {
  schemas ??= createSchemas();
  const path = ['mcpServers', server];
  if (!isRecord(config)) throw problem('expected an object', path, server);
  const kinds = ['url', 'command'].filter((key) => key in config);
  const isStdio = kinds.includes('command');
  if (kinds.length !== 1) throw problem('expected either a url or a command', path, server);
  if (isStdio && !hasProcesses())
    throw problem('a command needs Node; there are no processes here', [...path, 'command'], server);
  check(isStdio ? schemas.stdio : schemas.http, config, path, server);
  checkOptions(isStdio ? connectorChecks : httpChecks, config, path, server);
}

function checkOptions(
  members: Readonly<Record<string, Validator>>,
  config: unknown,
  path: string[],
  server: string,
): void {
  try {
    assertOptions(config, members, path.join('.'));
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError(`configuration: ${cause.message}`, { path: cause.path, server });
  }
}

function check(schema: z.ZodType, config: unknown, path: string[] = [], server?: string): void {
  const issue = schema.safeParse(config).error?.issues[0];
  if (issue) throw problem(issue.message, [...path, ...issue.path.map(String)], server);
}

function problem(reason: string, path: string[], server?: string): ConfigError {
  const at = path.join('.');
  return new ConfigError(`configuration${at && `: ${at}`}: ${reason}`, { path: at, server });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
