import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getMethodLiteral } from '@modelcontextprotocol/sdk/server/zod-json-schema-compat.js';
import { ConnectionLostError, HandlerError, InvalidNotificationError, type MCPError } from '../errors';
import { errorCode } from '../protocol/errorCodes';
import type { JSONRPCMessage } from '../protocol/types';
import type { EngineContext } from '../client/connection/connection';
import { zeroId } from './zeroId';

/** The SDK's client of one connection, and what it must still be told of. */
export interface SdkClient {
  client: Client;
  /** Whether somebody registered a handler for this notification on the client itself. */
  handles(method: string): boolean;
  /** Hands it a message, as its transport would. */
  deliver(message: JSONRPCMessage): void;
}

const misfit = 'the message does not fit the protocol';

/**
 * A client of the SDK whose server requests are answered by the context.
 *
 * @param report - is told of its faults, as typed errors.
 */
export function createSdkClient(
  { clientInfo, capabilities, respond }: EngineContext,
  report: (error: MCPError) => void,
): SdkClient {
  const client = new Client(clientInfo, { capabilities });
  client.fallbackRequestHandler = (request, { signal }) => respond(request, signal);
  let delivering: JSONRPCMessage | undefined;

  function deliver(message: JSONRPCMessage): void {
    delivering = zeroId.hide(message);
    client.transport?.onmessage?.(delivering);
    delivering = undefined;
  }

  client.onerror = (cause) => {
    const refused = delivering;
    if (!refused) {
      const isHandler = cause.message.startsWith('Uncaught error in notification handler');
      report(new (isHandler ? HandlerError : ConnectionLostError)(cause.message, { cause }));
      return;
    }
    const issues = [{ message: misfit }];
    report(new InvalidNotificationError(misfit, { issues, notification: refused, cause }));
    // Whoever waits for this answer would wait for ever: it is not coming a second time.
    if ('result' in refused)
      deliver({ jsonrpc: '2.0', id: refused.id, error: { code: errorCode.internalError, message: misfit } });
  };

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
  return {
    client,
    handles: (method) => methods.has(method) || client.fallbackNotificationHandler !== undefined,
    deliver,
  };
}
