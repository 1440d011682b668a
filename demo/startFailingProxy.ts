import { once } from 'node:events';
import { createServer } from 'node:http';

/** A proxy without a backend. Responds to every request with a status. */
export interface FailingProxy {
  /** Sets the status. */
  respondWith(status: number): void;
  close(): Promise<void>;
}

/** Starts a {@link FailingProxy} on a loopback port. The initial status is 502. */
export async function startFailingProxy(port: number): Promise<FailingProxy> {
  let status = 502;
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html>deploying</html>');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    respondWith(next) {
      status = next;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
