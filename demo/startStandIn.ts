import { once } from 'node:events';
import { createServer } from 'node:http';

/** A proxy without a server behind it: answers every request with a status. */
export interface StandIn {
  /** Answers with this status from now on. */
  answer(status: number): void;
  close(): Promise<void>;
}

/** Starts a stand-in on a loopback port. It answers 502 at first. */
export async function startStandIn(port: number): Promise<StandIn> {
  let status = 502;
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html>deploying</html>');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    answer(next) {
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
