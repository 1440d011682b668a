import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getMethodLiteral } from '@modelcontextprotocol/sdk/server/zod-json-schema-compat.js';
import { lazyJsonSchemaValidator } from './lazyJsonSchemaValidator';
import type { ConnectionContext } from './connection';

/** The SDK's client of one connection, and what it must still be told of. */
export interface SdkClient {
  client: Client;
  /** Whether somebody registered a handler for this notification on the client itself. */
  handles(method: string): boolean;
}

/** A client of the SDK whose server requests are answered by the context. */
export function createSdkClient({ clientInfo, capabilities, respond }: ConnectionContext): SdkClient {
  const client = new Client(clientInfo, { capabilities, jsonSchemaValidator: lazyJsonSchemaValidator() });
  client.fallbackRequestHandler = (request, { signal }) => respond(request, signal);

  const methods = new Set<string>();
  const { setNotificationHandler, removeNotificationHandler } = client;
  client.setNotificationHandler = (schema, handler) => {
    methods.add(getMethodLiteral(schema));
    setNotificationHandler.call(client, schema, handler);
  };
  client.removeNotificationHandler = (method) => {
    methods.delete(method);
    removeNotificationHandler.call(client, method);
  };
  return { client, handles: (method) => methods.has(method) || client.fallbackNotificationHandler !== undefined };
}
