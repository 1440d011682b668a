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
import type { EngineContext } from '../connection/connection';
import type { Sdk } from './loadSdk';

/** The SDK's client of one connection, and what it must still be told of. */
interface ModernClient {
  client: Client;
  /** Whether it has to hear of this notification: somebody registered a handler on it, or its cache goes by it. */
  handles(method: string): boolean;
}

/** What a server asks inside an answer, and the capability that allows it. */
const embedded = {
  'roots/list': 'roots',
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
} as const;

/** How many pages of a list the client walks through by itself. */
const mostPages = 10_000;

/** A client of the SDK for the modern era, whose server's requests are answered by the context. */
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
    listMaxPages: mostPages,
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
      const request: JSONRPCRequest = { jsonrpc: '2.0', id, method, params };
      if (hub.messages$.observed) hub.messages$.next({ at: Date.now(), kind: 'request', request });
      return respond(request, signal);
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

/** The two SDKs mean the same by it, but for what they say of the values inside. */
function areCapabilities(value: object): value is ClientCapabilities {
  return Object.values(value).every((capability) => capability === undefined || isObject(capability));
}

/** The SDK's validator accepts every result: results are validated once it has passed them on. */
const acceptAll: jsonSchemaValidator = { getValidator };

function getValidator<T>(): JsonSchemaValidator<T>;
function getValidator() {
  return (data: unknown) => ({ valid: true as const, data, errorMessage: undefined });
}

/** A schema that any object fits: what the SDK is given where the checking is done elsewhere. */
const anyObject: StandardSchemaV1<Record<string, unknown>> = {
  '~standard': {
    version: 1,
    vendor: 'rx-mcp',
    validate: (value) => (isObject(value) ? { value } : { issues: [{ message: 'expected an object' }] }),
  },
};
