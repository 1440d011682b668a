import { HttpConnector, type HttpConnectorOptions, MCPSession, type SessionOptions } from 'rx-mcp';
import type { FaultServerOptions } from '../../rig/fault/world';
import { type FaultServer, startFaultServer } from '../../rig/startFaultServer';
import { startTcpProxy, type TcpProxy } from '../../rig/startTcpProxy';
import { quick } from './quick';
import { type Watched, watchSession } from './watchSession';

/** Starts what a spec needs; when the spec is over all of it is ended, the newest first. */
export interface Stage {
  server(options?: FaultServerOptions): Promise<FaultServer>;
  /** A network in front of a server. */
  proxy(server: FaultServer): Promise<TcpProxy>;
  /** A session that is watched, and not yet connected. */
  session(url: string, options?: HttpConnectorOptions, sessionOptions?: SessionOptions): Watched;
  /** A session that is connected, and listens. */
  connected(url: string, options?: HttpConnectorOptions, sessionOptions?: SessionOptions): Promise<Watched>;
  /** As long as a session that can not connect takes for six attempts: by then, what was still to come has come. */
  aWhile(): Promise<void>;
  /** Has something else ended with the rest. */
  after(end: () => unknown): void;
}

/** An address at which nobody listens. */
const nowhere = 'http://127.0.0.1:9';

/** A stage for the specs of a file. */
export function useStage(): Stage {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const stage: Stage = {
    async server(options) {
      const server = await startFaultServer(options);
      ends.push(() => server.stop());
      return server;
    },
    async proxy(server) {
      const proxy = await startTcpProxy(server);
      ends.push(() => proxy.close());
      return proxy;
    },
    session(url, options, sessionOptions) {
      const session = new MCPSession(new HttpConnector(url, { reconnect: quick, ...options }), sessionOptions);
      ends.push(() => session.disconnect());
      return watchSession(session);
    },
    async connected(url, options, sessionOptions) {
      const watched = stage.session(url, options, sessionOptions);
      await watched.session.connect();
      await watched.listens();
      return watched;
    },
    async aWhile() {
      const { session, statuses, until } = stage.session(nowhere);
      session.connect({ retry: true }).catch(() => undefined);
      await until(() => statuses.filter(({ state }) => state === 'reconnecting').length >= 6);
      await session.disconnect();
    },
    after(end) {
      ends.push(end);
    },
  };
  return stage;
}
