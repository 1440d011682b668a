import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type MCPServer, toNodeHandler } from 'rx-mcp/server';
import { listen } from '../../rig/listen';
import { quickSdk } from '../../rig/quick';

/** A server on a socket, and everything that a spec has opened on it. */
export interface Served {
  readonly url: URL;
  readonly http: Server;
  /** Connects the SDK's client. */
  connect(options?: ConnectOptions): Promise<SdkClient>;
  /** Sends one request without a client. */
  send(init: SendOptions): Promise<Response>;
  close(): Promise<void>;
}

interface SendOptions extends Omit<RequestInit, 'headers'> {
  json?: unknown;
  session?: string;
  version?: string;
  headers?: Record<string, string>;
}

interface ConnectOptions {
  capabilities?: ConstructorParameters<typeof Client>[1] extends infer O
    ? O extends { capabilities?: infer C }
      ? C
      : never
    : never;
  fetch?: typeof fetch;
  prepare?: (client: Client) => void;
}

interface SdkClient {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  /** Every notification, in order. */
  readonly notifications: { method: string; params?: Record<string, unknown> }[];
}

/** Serves on a free port of 127.0.0.1. */
export async function serve(server: MCPServer, authInfo?: (request: IncomingMessage) => unknown): Promise<Served> {
  const handler = toNodeHandler(server);
  // The client shares the event loop: when it is blocked, the server would close an idle connection that the client is about to use.
  const http = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (authInfo) Object.assign(request, { auth: authInfo(request) });
    handler(request, response);
  });
  const listening = await listen(http);
  const url = new URL(listening.url);
  const clients: Client[] = [];

  return {
    url,
    http,
    async connect({ capabilities = {}, fetch, prepare } = {}) {
      const client = new Client({ name: 'spec', version: '1.0.0' }, { capabilities });
      const transport = new StreamableHTTPClientTransport(url, {
        reconnectionOptions: quickSdk,
        ...(fetch && { fetch }),
      });
      const notifications: SdkClient['notifications'] = [];
      client.fallbackNotificationHandler = async (notification) => {
        notifications.push(notification);
      };
      prepare?.(client);
      await client.connect(transport);
      clients.push(client);
      return { client, transport, notifications };
    },
    send({ json, session, version, headers, ...init }) {
      return fetch(url, {
        method: 'POST',
        ...init,
        headers: {
          accept: 'application/json, text/event-stream',
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...(session !== undefined && { 'mcp-session-id': session }),
          ...(version !== undefined && { 'mcp-protocol-version': version }),
          ...headers,
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      });
    },
    async close() {
      await Promise.all(clients.map((client) => client.close().catch(() => undefined)));
      await server.close();
      await listening.close();
    },
  };
}

/** Resolves when the condition holds. Polls, because there is no event to wait for. */
export async function until(condition: () => boolean, description = 'condition'): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`timed out waiting for ${description}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
