import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Served } from './serve';
import { until } from './serve';

/** A connection to a server on which a spec writes its own bytes. */
export interface RawSocket {
  readonly socket: Socket;
  /** Everything that the server has sent. */
  text(): string;
  /** The statuses of all responses so far. */
  statuses(): number[];
  /** Writes a request with a body, whose length is added. */
  request(head: readonly string[], body?: string): void;
  /** Resolves with the text once it matches. */
  matching(pattern: RegExp): Promise<string>;
  /** Resolves with the text when the connection has closed. */
  closed(): Promise<string>;
}

/** The headers of a request that the server accepts, except for its session. */
export const validHead = [
  'POST /mcp HTTP/1.1',
  'Host: 127.0.0.1',
  'Accept: application/json, text/event-stream',
  'Content-Type: application/json',
];

/** Connects to a server. `opened` receives the connection, so that the spec can close it. */
export async function openRaw({ url }: Served, opened: Socket[]): Promise<RawSocket> {
  const socket = connect(Number(url.port), '127.0.0.1');
  opened.push(socket);
  // A server may reset the connection of a client that continues to send.
  socket.on('error', () => undefined);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  await once(socket, 'connect');
  const raw: RawSocket = {
    socket,
    text: () => text,
    statuses: () => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)),
    request(head, body = '') {
      socket.write(`${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    },
    async matching(pattern) {
      await until(() => pattern.test(text), String(pattern));
      return text;
    },
    closed: () => closed,
  };
  return raw;
}

/** Starts a session on a connection, and returns the headers of its requests. A server without sessions returns no id. */
export async function beginRaw(raw: RawSocket, version = '2025-11-25'): Promise<string[]> {
  const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
  raw.request(validHead, JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }));
  const text = await raw.matching(/"serverInfo"/);
  const session = /mcp-session-id: (.*)\r\n/i.exec(text)?.[1];
  return [
    ...validHead,
    ...(session === undefined ? [] : [`Mcp-Session-Id: ${session}`]),
    `Mcp-Protocol-Version: ${version}`,
  ];
}
