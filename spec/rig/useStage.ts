import type { Connector, HttpConnectorOptions, SessionOptions } from 'rx-mcp';
import type { FaultServerOptions } from './fault/world';
import { openSession } from './openSession';
import { type FaultServer, startFaultServer } from './startFaultServer';
import { startTcpProxy, type TcpProxy } from './startTcpProxy';
import type { Watched } from './watchSession';

type ClosableServer = { close(): unknown } | { stop(): unknown };

/** Starts servers, proxies and sessions for a spec. Ends all of them after the spec, the newest first. */
interface Stage<Args extends unknown[], Server> {
  /** Starts a server of the stage's kind. */
  server(...args: Args): Promise<Server>;
  /** Starts a proxy in front of a server. */
  proxy(server: { port: number }): Promise<TcpProxy>;
  /** Creates a watched session that is not connected. */
  session(to: SessionTarget, options?: HttpConnectorOptions, sessionOptions?: SessionOptions): Watched;
  /** Opens a connected session. In the legacy era it also listens; in the modern era, sessions listen on demand. */
  connected(to: SessionTarget, options?: HttpConnectorOptions, sessionOptions?: SessionOptions): Promise<Watched>;
  /** Registers an additional cleanup function. */
  after(end: () => unknown): void;
}

type SessionTarget = string | { url: string } | Connector;

/** Creates a stage with fault servers, for the specs of a file. */
export function useStage(): Stage<[options?: FaultServerOptions], FaultServer>;
/** Creates a stage with servers of a different kind, and options that all its sessions share, for the specs of a file. */
export function useStage<Args extends unknown[], Server extends ClosableServer>(
  start: (...args: Args) => Server | Promise<Server>,
  shared?: HttpConnectorOptions,
): Stage<Args, Server>;
export function useStage(
  start: (...args: never[]) => ClosableServer | Promise<ClosableServer> = startFaultServer,
  shared?: HttpConnectorOptions,
): Stage<never[], ClosableServer> {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const stage: Stage<never[], ClosableServer> = {
    async server(...args) {
      const server = await start(...args);
      ends.push(() => ('stop' in server ? server.stop() : server.close()));
      return server;
    },
    async proxy(server) {
      const proxy = await startTcpProxy(server);
      ends.push(() => proxy.close());
      return proxy;
    },
    session(to, options, sessionOptions) {
      const target = typeof to === 'string' || 'connect' in to ? to : to.url;
      const watched = openSession(target, sessionOptions, { ...shared, ...options });
      ends.push(() => watched.session.disconnect());
      return watched;
    },
    async connected(to, options, sessionOptions) {
      const watched = stage.session(to, options, sessionOptions);
      await watched.session.connect();
      if (shared?.engine === undefined) await watched.listens();
      return watched;
    },
    after(end) {
      ends.push(end);
    },
  };
  return stage;
}
