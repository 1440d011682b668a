import { type Connector, type ConnectorOptions, HttpConnector, type ServerConfig } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { programArgs } from '../rig/programArgs';
import { startLegacyServer } from '../rig/startLegacyServer';

/** A way to connect to the server on the SDK. */
export interface Reach {
  readonly config: ServerConfig;
  connector: (options?: ConnectorOptions) => Connector;
  /** Ensures that the server runs again after a crash. */
  revive: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Frequent heartbeats, and lists with more than one page. */
const args = ['--heartbeat', '50', '--many', '60'];

/** Starts a server at a URL. */
export async function reachOverHttp(): Promise<Reach> {
  let server = await startLegacyServer({ args });
  const { url, port } = server;
  return {
    config: { url },
    connector: (options) => new HttpConnector(url, options),
    revive: async () => {
      server = await startLegacyServer({ port, args });
    },
    stop: () => server.stop(),
  };
}

/** Creates a way to a server program, which each session spawns. */
export function reachOverStdio(): Promise<Reach> {
  const config = {
    command: process.execPath,
    args: [...programArgs('spec/rig/legacyServer/main.ts'), '--stdio', ...args],
  };
  return Promise.resolve({
    config,
    connector: (options) => new StdioConnector(config, options),
    revive: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  });
}
