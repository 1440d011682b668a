import type {
  Client,
  ClientCapabilities,
  JsonSchemaValidator,
  jsonSchemaValidator,
} from '@modelcontextprotocol/client';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ConfigError, HandlerError, InvalidNotificationError } from '../../errors';
import { isObject } from '../../util/isObject';
import type { JSONRPCRequest } from '../../protocol/types';
import type { Connection, EngineContext } from '../connection/connection';
import { maxPages } from '../connection/limits';
import type { Sdk } from './sdk';
import { readOrigin } from './inputRequestOrigins';

/** The SDK client of a connection. */
interface ModernClient {
  client: Client;
  /** Whether the client needs notifications with a method, for a registered handler or for its cache. */
  handles(method: string): boolean;
}

/** The methods of requests that servers embed in responses, with the capability that each requires. */
const embedded = {
  'roots/list': 'roots',
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
} as const;

/** Creates the SDK client of a connection. Server requests are answered by the context. */
export function createModernClient(
  { Client: SdkClient }: Sdk,
  { clientInfo, capabilities, respond, hub }: EngineContext,
): ModernClient {
  const declared: object = capabilities;
  if (!areCapabilities(declared)) {
    throw new ConfigError('capabilities: expected objects by name', { path: 'capabilities' });
  }
  const client = new SdkClient(clientInfo, {
    capabilities: declared,
    jsonSchemaValidator: acceptAll,
    listMaxPages: maxPages,
  });
  client.onerror = (cause) => {
    const { message } = cause;
    const isHandler = message.startsWith('Uncaught error in notification handler');
    const options = { cause, issues: [{ message }], notification: undefined };
    hub.report(isHandler ? new HandlerError(message, { cause }) : new InvalidNotificationError(message, options));
  };
  for (const method of ['roots/list', 'sampling/createMessage', 'elicitation/create'] as const) {
    if (!capabilities[embedded[method]]) continue;
    client.setRequestHandler(method, { params: anyObject }, (params, { mcpReq: { id, signal } }) => {
      const inputRequest = readOrigin(params);
      const request: JSONRPCRequest = { jsonrpc: '2.0', id, method, params: inputRequest.params };
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'request', request });
      return respond(request, signal, inputRequest.origin);
    });
  }
  const methods = new Set(['tools', 'prompts', 'resources'].map((kind) => `notifications/${kind}/list_changed`));
  const { setNotificationHandler, removeNotificationHandler } = client;
  return {
    client: Object.assign(client, {
      setNotificationHandler(method: string, ...rest: unknown[]) {
        methods.add(method);
        Reflect.apply(setNotificationHandler, client, [method, ...rest]);
      },
      removeNotificationHandler(method: string) {
        methods.delete(method);
        removeNotificationHandler.call(client, method);
      },
    }),
    handles: (method) => methods.has(method) || client.fallbackNotificationHandler !== undefined,
  };
}

/** The SDK client of each 2026-07-28 connection. */
export const clients = new WeakMap<Connection, Client>();

/**
 * Returns the `Client` of `@modelcontextprotocol/client` that a 2026-07-28 connection uses. Returns `undefined` for a
 * connection with another protocol version. Each connection has its own client: for a client that outlives connections,
 * use `session.transport()`.
 *
 * The client caches responses. List changes invalidate the cache, but resource updates do not. To read a resource, pass
 * `cacheMode: 'bypass'`, or use the session, which always sends a request.
 *
 * @param connection - a connection, as emitted by `session.connections$`.
 *
 * @example
 * session.connections$.subscribe((connection) => console.log(clientOf(connection)?.getServerVersion()));
 */
export function clientOf(connection: Connection): Client | undefined {
  return clients.get(connection);
}

/** Changes the type of capabilities from one SDK's to the other's. The values are the same. */
function areCapabilities(value: object): value is ClientCapabilities {
  return Object.values(value).every((capability) => capability === undefined || isObject(capability));
}

/** A validator that accepts every result. This library validates the results after the SDK has delivered them. */
const acceptAll: jsonSchemaValidator = { getValidator };

function getValidator<T>(): JsonSchemaValidator<T>;
function getValidator() {
  return (data: unknown) => ({ valid: true as const, data, errorMessage: undefined });
}

/** A schema that accepts any object, for values that this library validates. */
const anyObject: StandardSchemaV1<Record<string, unknown>> = {
  '~standard': {
    version: 1,
    vendor: 'rx-mcp',
    validate: (value) => (isObject(value) ? { value } : { issues: [{ message: 'expected an object' }] }),
  },
};
