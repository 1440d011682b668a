import { HttpConnector, type HttpConnectorOptions, MCPSession, type SessionOptions } from 'rx-mcp';
import { quick } from '../http/quick';
import { type Watched, watchSession } from '../http/watchSession';
import { startWorldServer, type WorldOptions, type WorldServer } from './startWorldServer';

/** Starts servers, and sessions with them, for the specs of a file; when a spec is over all of it is ended, the newest first. */
export interface WorldStage {
  server(options?: WorldOptions): Promise<WorldServer>;
  /** A session that is watched, and not yet connected. */
  session(url: string, options?: HttpConnectorOptions, sessionOptions?: SessionOptions): Watched;
  /** A session that is connected, and listens if the server lets it. */
  connected(server: WorldServer, options?: HttpConnectorOptions, sessionOptions?: SessionOptions): Promise<Watched>;
  after(end: () => unknown): void;
}

export function useWorld(): WorldStage {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const stage: WorldStage = {
    async server(options) {
      const server = await startWorldServer(options);
      ends.push(() => server.close());
      return server;
    },
    session(url, options, sessionOptions) {
      const session = new MCPSession(new HttpConnector(url, { reconnect: quick, ...options }), sessionOptions);
      ends.push(() => session.disconnect());
      return watchSession(session);
    },
    async connected(server, options, sessionOptions) {
      const watched = stage.session(server.url, options, sessionOptions);
      await watched.session.connect();
      await watched.listens();
      return watched;
    },
    after(end) {
      ends.push(end);
    },
  };
  return stage;
}

/** The states that a session has been in, one after the other. */
export const states = ({ statuses }: Pick<Watched, 'statuses'>): string[] => statuses.map(({ state }) => state);
