import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { ReplaySubject } from 'rxjs';
import { type ConnectorOptions, TransportConnector } from 'rx-mcp';

/** A subscription on the server. */
export interface Subscribed {
  id: string;
  filter: Record<string, unknown>;
  /** Acknowledges the subscription. Default: accepts all of it. */
  acknowledge(honored?: Record<string, unknown>): void;
  /** Sends a notification on the subscription. */
  notify(method: string, params?: Record<string, unknown>): void;
  /** Ends the subscription gracefully. */
  end(): void;
}

/** An in-memory server of the modern era whose subscriptions are controlled by a spec. */
export interface ScriptedServer {
  connector(options?: ConnectorOptions): TransportConnector;
  /** All requested subscriptions. */
  readonly subscribed$: ReplaySubject<Subscribed>;
  /** All received messages. */
  readonly received$: ReplaySubject<JSONRPCMessage>;
  /** Sends messages to the newest client. */
  write(...messages: JSONRPCMessage[]): void;
  /** The client transports of all connections. */
  readonly transports: readonly InMemoryTransport[];
  /** Closes the newest connection. */
  drop(): Promise<void>;
}

const contents: Record<string, Record<string, unknown>> = {
  'tools/list': { tools: [] },
  'prompts/list': { prompts: [] },
  'resources/list': { resources: [] },
  'resources/read': { contents: [] },
};
const subscriptionId = 'io.modelcontextprotocol/subscriptionId';

/**
 * Creates a {@link ScriptedServer}.
 *
 * @param onSubscribe - called with each new subscription.
 * @param options - how long clients may cache results, in milliseconds. Default: not at all.
 */
export function createScriptedServer(
  onSubscribe: (subscribed: Subscribed) => void,
  { ttlMs = 0 }: { ttlMs?: number } = {},
): ScriptedServer {
  const subscribed$ = new ReplaySubject<Subscribed>(Infinity);
  const received$ = new ReplaySubject<JSONRPCMessage>(Infinity);
  const transports: InMemoryTransport[] = [];
  let newest: InMemoryTransport | undefined;

  function write(...messages: JSONRPCMessage[]): void {
    for (const message of messages) void newest?.send(message);
  }

  function notify(id: string, method: string, params: Record<string, unknown> = {}): void {
    write({ jsonrpc: '2.0', method, params: { ...params, _meta: { [subscriptionId]: id } } });
  }

  function answer(id: string | number, result: Record<string, unknown>): void {
    write({ jsonrpc: '2.0', id, result: { resultType: 'complete', ...result } });
  }

  function receive(message: JSONRPCMessage): void {
    received$.next(message);
    if (!('method' in message) || !('id' in message)) return;
    const { id, method, params } = message;
    if (method === 'server/discover') {
      answer(id, {
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: { listChanged: true }, prompts: {}, resources: { subscribe: true } },
        ttlMs: 0,
        cacheScope: 'private',
      });
    } else if (method in contents) {
      answer(id, { ...contents[method], ttlMs, cacheScope: 'private' });
    } else if (method === 'subscriptions/listen') {
      const filter = (params?.['notifications'] ?? {}) as Record<string, unknown>;
      const name = String(id);
      const subscribed: Subscribed = {
        id: name,
        filter,
        acknowledge: (honored = filter) =>
          notify(name, 'notifications/subscriptions/acknowledged', { notifications: honored }),
        notify: (...message) => notify(name, ...message),
        end: () => answer(id, {}),
      };
      onSubscribe(subscribed);
      subscribed$.next(subscribed);
    }
  }

  return {
    connector: (options) =>
      new TransportConnector(async () => {
        const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
        newest = serverSide;
        transports.push(clientSide);
        serverSide.onmessage = receive;
        await serverSide.start();
        return clientSide;
      }, options),
    subscribed$,
    received$,
    transports,
    write,
    drop: async () => newest?.close(),
  };
}
