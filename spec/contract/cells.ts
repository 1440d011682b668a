import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Connector, type ConnectorOptions, HttpConnector, TransportConnector } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { StdioConnector } from 'rx-mcp/stdio';
import { createModernServer } from '../../demo/server-modern/createModernServer';
import { createWorld } from '../../demo/server-modern/createWorld';
import { serveModernHttp } from '../../demo/server-modern/serveModernHttp';
import { createExampleServer } from '../../demo/server/createExampleServer';
import { programArgs } from '../rig/programArgs';
import { startExampleServer } from '../rig/startExampleServer';
import { serve } from '../server/rig/serve';
import type { Cell } from './cell';
import { createReactiveServer } from '../../demo/server-reactive/createReactiveServer';

type Start = (options: ConnectorOptions) => Promise<{ connector: Connector; stop(): Promise<void> }>;

const nothing = async (): Promise<void> => undefined;

const overStdio =
  (program: string): Start =>
  async (options) => ({
    connector: new StdioConnector(
      { command: process.execPath, args: [...programArgs(program), '--stdio'], stderr: 'ignore' },
      options,
    ),
    stop: nothing,
  });

const inMemory =
  (serve: (transport: InMemoryTransport) => unknown): Start =>
  async (options) => ({
    connector: new TransportConnector(async () => {
      const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
      await serve(serverSide);
      return clientSide;
    }, options),
    stop: nothing,
  });

const servers: { server: Cell['server']; speaks: Cell['era']; ways: [Cell['transport'], Start][] }[] = [
  {
    server: 'SDK 1.x',
    speaks: 'legacy',
    ways: [
      [
        'HTTP',
        async (options) => {
          const { url, stop } = await startExampleServer({ args: ['--heartbeat', '0'] });
          return { connector: new HttpConnector(url, options), stop };
        },
      ],
      ['stdio', overStdio('demo/server/main.ts')],
      [
        'in memory',
        inMemory((transport) =>
          createExampleServer({ port: 0, stdio: true, heartbeat: 0, many: 0 }).connect(transport),
        ),
      ],
    ],
  },
  {
    server: 'SDK 2.x',
    speaks: 'modern',
    ways: [
      [
        'HTTP',
        async (options) => {
          const { url, close } = await serveModernHttp();
          return { connector: new HttpConnector(url, options), stop: close };
        },
      ],
      ['stdio', overStdio('demo/server-modern/main.ts')],
      ['in memory', inMemory((transport) => serveStdio(() => createModernServer(createWorld()), { transport }))],
    ],
  },
  {
    server: 'rx-mcp',
    speaks: 'modern',
    ways: [
      [
        'HTTP',
        async (options) => {
          const { url, close } = await serve(createReactiveServer());
          return { connector: new HttpConnector(url, options), stop: close };
        },
      ],
      ['stdio', overStdio('demo/server-reactive/main.ts')],
      ['in memory', inMemory((transport) => void createReactiveServer().connect(transport))],
    ],
  },
];

/** All cells. */
export const cells: Cell[] = servers.flatMap(({ server, speaks, ways }) =>
  ways.flatMap(([transport, start]) => [
    { server, transport, engine: 'legacy' as const, era: 'legacy' as const, start: () => start({}) },
    { server, transport, engine: 'modern' as const, era: speaks, start: () => start({ engine: modern() }) },
  ]),
);
