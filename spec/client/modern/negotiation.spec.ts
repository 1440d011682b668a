import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { ConfigError, type Connector, HttpConnector, MCPClient, MCPSession, TransportConnector } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { StdioConnector } from 'rx-mcp/stdio';
import { createModernServer, createWorld } from '../../rig/modernServer/createModernServer';
import { serveModernHttp } from '../../rig/modernServer/serveModernHttp';
import { loadSdk } from '../../../lib/client/modern/sdk';
import { programArgs } from '../../rig/programArgs';
import { startLegacyServer } from '../../rig/startLegacyServer';
import { createMemoryServer } from '../../rig/createMemoryServer';

async function eraOf(connector: Connector): Promise<unknown> {
  const session = new MCPSession(connector);
  try {
    await session.connect();
    return (await session.listTools()).length > 0 && session.protocolVersion;
  } finally {
    await session.disconnect();
  }
}

const node = { command: process.execPath, stderr: 'ignore' } as const;
const overStdio = (program: string) => ({ ...node, args: [...programArgs(program), '--stdio'] });
const refused = { name: 'ConnectionFailedError', retryable: false };

describe('over HTTP', () => {
  it('uses 2026-07-28 with a server that supports it, unless disabled', async () => {
    const server = await serveModernHttp();
    expect(await eraOf(new HttpConnector(server.url, { engine: modern() }))).toBe('2026-07-28');
    expect(await eraOf(new HttpConnector(server.url, { engine: modern({ negotiation: 'legacy' }) }))).toBe(
      '2025-11-25',
    );
    expect(await eraOf(new HttpConnector(server.url))).toBe('2025-11-25');
    await server.close();
  });

  it('uses 2025-11-25 with a server that supports only that, unless disabled', async () => {
    const server = await startLegacyServer();
    expect(await eraOf(new HttpConnector(server.url, { engine: modern() }))).toBe('2025-11-25');
    const only = eraOf(new HttpConnector(server.url, { engine: modern({ negotiation: 'modern' }) }));
    await expect(only).rejects.toMatchObject(refused);
    await server.stop();
  });

  it('has no timeout with an infinite connectTimeout', async () => {
    const server = await serveModernHttp();
    const connector = new HttpConnector(server.url, {
      engine: modern(),
      connectTimeout: Infinity,
      keepAlive: Infinity,
    });
    expect(await eraOf(connector)).toBe('2026-07-28');
    await server.close();
  });

  it('retries when the server rejects a version that it supports', async () => {
    const server = await serveModernHttp();
    let requests = 0;
    const refuseOnce: typeof fetch = (input, init) => {
      if (requests++ > 0) return fetch(input, init);
      const { id } = JSON.parse(init?.body as string) as { id: unknown };
      const data = { supported: ['2026-07-28'], requested: '2026-07-28' };
      const error = { code: -32022, message: 'Unsupported protocol version', data };
      return Promise.resolve(Response.json({ jsonrpc: '2.0', id, error }, { status: 400 }));
    };
    const connector = new HttpConnector(server.url, { engine: modern(), fetch: refuseOnce });
    expect(await eraOf(connector)).toBe('2026-07-28');
    await server.close();
  });

  it('does not mistake an outage for a legacy server', async () => {
    const server = await serveModernHttp();
    await server.close();
    const down = eraOf(new HttpConnector(server.url, { engine: modern() }));
    await expect(down).rejects.toMatchObject({ name: 'ConnectionFailedError', retryable: true });
  });
});

describe('over stdio', () => {
  it('uses 2026-07-28 with a server that supports it, in one process', async () => {
    const connector = new StdioConnector(overStdio('spec/rig/modernServer/main.ts'), { engine: modern() });
    expect(await eraOf(connector)).toBe('2026-07-28');
  });

  it('uses 2025-11-25 with a server that supports only that', async () => {
    expect(await eraOf(new StdioConnector(overStdio('spec/rig/legacyServer/main.ts'), { engine: modern() }))).toBe(
      '2025-11-25',
    );
  });

  it('treats a process that exits on the request as a legacy server', async () => {
    // A program that responds to initialize, and exits on any message before it.
    const program = `
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, method } = JSON.parse(line);
        if (method === 'server/discover') process.exit(1);
        const result = method === 'initialize'
          ? { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'old', version: '1' } }
          : { tools: [{ name: 'only', inputSchema: { type: 'object' } }] };
        if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
      });`;
    const connector = new StdioConnector({ ...node, args: ['--eval', program] }, { engine: modern() });
    expect(await eraOf(connector)).toBe('2025-11-25');
  });

  it('fails for a missing command as without the engine', async () => {
    const connector = new StdioConnector({ command: '/no/such/command' }, { engine: modern() });
    await expect(eraOf(connector)).rejects.toMatchObject(refused);
  });
});

describe('in memory', () => {
  it('uses 2026-07-28 with a server that supports it', async () => {
    const connector = new TransportConnector(
      () => {
        const [clientSide, transport] = InMemoryTransport.createLinkedPair();
        serveStdio(() => createModernServer(createWorld()), { transport });
        return clientSide;
      },
      { engine: modern() },
    );
    expect(await eraOf(connector)).toBe('2026-07-28');
  });

  it('uses 2025-11-25 with a server that supports only that', async () => {
    const { connector } = createMemoryServer({ capabilities: { tools: {} } });
    const session = new MCPSession(connector({ engine: modern() }));
    await session.connect();
    expect(session.protocolVersion).toBe('2025-11-25');
    await session.disconnect();
  });
});

describe('the engine option of an MCPClient', () => {
  it('applies to its sessions, unless a server has its own', async () => {
    const server = await serveModernHttp();
    const client = new MCPClient(
      {
        mcpServers: {
          both: { url: server.url },
          old: { url: server.url, engine: modern({ negotiation: 'legacy' }) },
          local: overStdio('spec/rig/modernServer/main.ts'),
        },
      },
      { engine: modern() },
    );
    const { both, old, local } = await client.createAllSessions();
    expect([both, old, local].map((session) => session?.protocolVersion)).toEqual([
      '2026-07-28',
      '2025-11-25',
      '2026-07-28',
    ]);
    await client.closeAllSessions();
    await server.close();
  });
});

describe('loadSdk', () => {
  it('names the package to install if the SDK is missing', async () => {
    const missing = loadSdk(() => Promise.reject(new Error('Cannot find package')));
    await expect(missing).rejects.toBeInstanceOf(ConfigError);
    await expect(missing).rejects.toThrow('npm install @modelcontextprotocol/client');
  });
});
