import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server in this process. */
export interface Served {
  readonly origin: string;
  close(): Promise<void>;
}

/** Makes a server listen on a free port of the loopback interface. */
export async function onLoopback(http: Server): Promise<Served> {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await closed;
    },
  };
}
