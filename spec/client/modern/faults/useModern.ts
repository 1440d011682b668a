import { HttpConnector, type HttpConnectorOptions, MCPSession, type SessionOptions } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { quick } from '../../../faults/http/quick';
import { type Watched, watchSession } from '../../../faults/http/watchSession';
import { type RunningExampleServer, startExampleServer } from '../../../rig/startExampleServer';
import { startTcpProxy, type TcpProxy } from '../../../rig/startTcpProxy';

/** Starts what a spec needs of the modern era; when the spec is over all of it is ended, the newest first. */
export interface ModernStage {
  /** A server of the 2.x SDK in a process of its own; with a port, in the place of one that was there before. */
  server(options?: { port?: number; args?: string[] }): Promise<RunningExampleServer>;
  /** A network in front of a server. */
  proxy(server: { port: number }): Promise<TcpProxy>;
  /** A session that is watched, and connected. */
  connected(url: string, options?: HttpConnectorOptions, sessionOptions?: SessionOptions): Promise<Watched>;
  /** Has something else ended with the rest. */
  after(end: () => unknown): void;
}

const program = 'demo/server-modern/main.ts';

/** A stage for the specs of a file. */
export function useModern(): ModernStage {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  return {
    async server(options) {
      const server = await startExampleServer({ program, ...options });
      ends.push(() => server.stop());
      return server;
    },
    async proxy(server) {
      const proxy = await startTcpProxy(server);
      ends.push(() => proxy.close());
      return proxy;
    },
    async connected(url, options, sessionOptions) {
      const engine = modern({ negotiation: 'modern' });
      const session = new MCPSession(new HttpConnector(url, { engine, reconnect: quick, ...options }), sessionOptions);
      ends.push(() => session.disconnect());
      const watched = watchSession(session);
      await session.connect();
      return watched;
    },
    after: (end) => void ends.push(end),
  };
}
