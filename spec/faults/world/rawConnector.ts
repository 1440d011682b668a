import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type ConnectorOptions, TransportConnector } from 'rx-mcp';

interface Message {
  id?: unknown;
  method?: string;
  params?: Record<string, unknown>;
}

type Send = (message: object) => void;

/** Creates a connector to a server that is a function in this process. It can send messages that an SDK server would not. */
export function rawConnector(serve: (message: Message, send: Send) => void, options?: ConnectorOptions) {
  let newest: Transport | undefined;
  const send: Send = (message) => newest?.onmessage?.(message as never);
  const connector = new TransportConnector(() => {
    const transport: Transport = {
      start: () => Promise.resolve(),
      send: (message) => {
        queueMicrotask(() => serve(message, (answer) => transport.onmessage?.(answer as never)));
        return Promise.resolve();
      },
      close: () => {
        transport.onclose?.();
        return Promise.resolve();
      },
    };
    newest = transport;
    return transport;
  }, options);
  return { connector, send, drop: () => newest?.onclose?.() };
}
