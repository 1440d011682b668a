import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Connector, type ConnectorOptions, HttpConnector, TransportConnector } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { StdioConnector } from 'rx-mcp/stdio';
import { createModernServer, createWorld } from '../rig/modernServer/createModernServer';
import { serveModernHttp } from '../rig/modernServer/serveModernHttp';
import { createLegacyServer } from '../rig/legacyServer/createLegacyServer';
import { programArgs } from '../rig/programArgs';
import { startLegacyServer } from '../rig/startLegacyServer';
import { serve } from '../server/rig/serve';
import type { Cell } from './cell';
import { createExampleServer } from '../../demo/server/createExampleServer';

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

const servers: { server: Cell['server']; era: Cell['era']; ways: [Cell['transport'], Start][] }[] = [
  {
    server: 'SDK 1.x',
    era: 'legacy',
    ways: [
      [
        'HTTP',
        async (options) => {
          const { url, stop } = await startLegacyServer({ args: ['--heartbeat', '0'] });
          return { connector: new HttpConnector(url, options), stop };
        },
      ],
      ['stdio', overStdio('spec/rig/legacyServer/main.ts')],
      ['in memory', inMemory((transport) => createLegacyServer().connect(transport))],
    ],
  },
  {
    server: 'SDK 2.x',
    era: 'modern',
    ways: [
      [
        'HTTP',
        async (options) => {
          const { url, close } = await serveModernHttp();
          return { connector: new HttpConnector(url, options), stop: close };
        },
      ],
      ['stdio', overStdio('spec/rig/modernServer/main.ts')],
      ['in memory', inMemory((transport) => serveStdio(() => createModernServer(createWorld()), { transport }))],
    ],
  },
  {
    server: 'rx-mcp',
    era: 'modern',
    ways: [
      [
        'HTTP',
        async (options) => {
          const { url, close } = await serve(createExampleServer());
          return { connector: new HttpConnector(url, options), stop: close };
        },
      ],
      ['stdio', overStdio('demo/server/main.ts')],
      ['in memory', inMemory((transport) => void createExampleServer().connect(transport))],
    ],
  },
];

/** All cells. */
export const cells: Cell[] = servers.flatMap(({ server, era, ways }) =>
  ways.flatMap(([transport, start]) => [
    { server, transport, engine: 'legacy' as const, era: 'legacy' as const, start: () => start({}) },
    { server, transport, engine: 'modern' as const, era, start: () => start({ engine: modern() }) },
  ]),
);
