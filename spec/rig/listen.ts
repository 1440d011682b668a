import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server that listens on a loopback port. */
export interface Listening {
  readonly port: number;
  readonly origin: string;
  /** The URL of `/mcp`. */
  readonly url: string;
  /**
   * Stops listening, and destroys all connections, idle ones included: a connection that is kept alive would keep the process of
   * Jest alive. Resolves when they are closed.
   */
  close(): Promise<void>;
}

/** Listens on a port of 127.0.0.1, by default a free one. */
export async function listen(server: Server, port = 0): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${bound}`;
  return {
    port: bound,
    origin,
    url: `${origin}/mcp`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}
