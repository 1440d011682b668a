import { type Connector, type ConnectorOptions, HttpConnector, type ServerConfig } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { programArgs } from '../rig/programArgs';
import { startExampleServer } from '../rig/startExampleServer';

/** A way to the example server. */
export interface Reach {
  readonly config: ServerConfig;
  connector: (options?: ConnectorOptions) => Connector;
  /** Sees to it that the server is there again after it has crashed. */
  revive: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Frequent heartbeats, and lists that take more than a page. */
const args = ['--heartbeat', '50', '--many', '60'];

/** A server at a URL. */
export async function reachOverHttp(): Promise<Reach> {
  let server = await startExampleServer({ args });
  const { url, port } = server;
  return {
    config: { url },
    connector: (options) => new HttpConnector(url, options),
    revive: async () => {
      server = await startExampleServer({ port, args });
    },
    stop: () => server.stop(),
  };
}

/** A server that is a program, of which each session starts one. */
export function reachOverStdio(): Promise<Reach> {
  const config = {
    command: process.execPath,
    args: [...programArgs('demo/server/main.ts'), '--stdio', ...args],
  };
  return Promise.resolve({
    config,
    connector: (options) => new StdioConnector(config, options),
    revive: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  });
}
