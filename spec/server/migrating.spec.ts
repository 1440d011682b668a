import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { createBuildServer } from './migrating/buildServer';
import { createSdkServer } from './migrating/sdkServer';
import { serve } from './rig/serve';

const page = readFileSync('docs/server-migrating.md', 'utf8');

describe.each([
  { file: 'sdkServer', create: createSdkServer },
  { file: 'buildServer', create: createBuildServer },
])('the program $file of the page on migrating a server', ({ file, create }) => {
  it('is on the page', () => {
    expect(page).toContain(readFileSync(`spec/server/migrating/${file}.ts`, 'utf8'));
  });

  it('reports progress, asks, and adds a tool', async () => {
    const server = create();
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    const client = new Client({ name: 'spec', version: '1' }, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: {} }));
    const changed = new Promise<void>((resolve) => {
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve());
    });
    void server.connect(serverSide);
    await client.connect(clientSide);
    const steps: unknown[] = [];
    const result = await client.callTool({ name: 'build', arguments: { steps: 3 } }, undefined, {
      onprogress: ({ progress, total }) => steps.push([progress, total]),
    });
    expect(steps).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(result.content).toEqual([{ type: 'text', text: 'built, accept' }]);
    await changed;
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['build', 'publish']);
    expect((await client.callTool({ name: 'publish' })).content).toEqual([{ type: 'text', text: 'published' }]);
    await client.close();
    await server.close();
  });
});

describe('the program of the page on migrating a server', () => {
  it('adds the tool for the user who accepted only', async () => {
    const served = await serve(createBuildServer(), ({ headers }) => ({
      token: '',
      clientId: String(headers['x-user']),
      scopes: [],
    }));
    try {
      const connect = (user: string) =>
        served.connect({
          capabilities: { elicitation: {} },
          fetch: (url, init) => {
            const headers = new Headers(init?.headers);
            headers.set('x-user', user);
            return fetch(url, { ...init, headers });
          },
          prepare: (client) => client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: {} })),
        });
      const [{ client: ada }, { client: bob }] = await Promise.all([connect('ada'), connect('bob')]);
      await ada.callTool({ name: 'build', arguments: { steps: 1 } });
      const names = async (client: typeof ada) => (await client.listTools()).tools.map(({ name }) => name);
      expect(await names(ada)).toEqual(['build', 'publish']);
      expect(await names(bob)).toEqual(['build']);
    } finally {
      await served.close();
    }
  });
});

describe('the page on migrating a server', () => {
  it.each([
    'proof/frameworks/migrating/mcpUse.mjs',
    'spec/server/migrating/longRunningTask.ts',
    'spec/server/migrating/publishServer.ts',
  ])('quotes %s', (file) => {
    expect(page).toContain(readFileSync(file, 'utf8'));
  });
});
