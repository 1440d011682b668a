import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { virtualTime } from 'rx-mcp/testing';
import { listen, type Listening } from '../../../rig/listen';
import { openSession } from '../../../rig/openSession';
import { record } from '../../../rig/record';

let server: Listening;
let reads: number;
let subscribed: number;

/** A stateless server: it rejects GET with 405, and creates a new SDK server for each POST, which accepts subscriptions. */
beforeEach(async () => {
  reads = 0;
  subscribed = 0;
  const http = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const mcp = new McpServer(
      { name: 'stateless', version: '1' },
      { capabilities: { resources: { subscribe: true } } },
    );
    mcp.registerTool('x', {}, () => ({ content: [] }));
    mcp.registerResource('counter', 'memo://counter', {}, ({ href }) => ({
      contents: [{ uri: href, text: `${++reads}` }],
    }));
    mcp.server.setRequestHandler(SubscribeRequestSchema, () => {
      subscribed++;
      return {};
    });
    mcp.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    void mcp.connect(transport).then(() => transport.handleRequest(request, response));
  });
  server = await listen(http);
});

afterEach(() => server.close());

describe('a server without a stream for notifications', () => {
  it('delivers each resource once, with one typed warning', async () => {
    const { session } = openSession(server.url);
    const errors = record(session.errors$);
    await session.connect();

    const contents = record(session.resource$('memo://counter'));
    await contents.ended;
    await record(session.resource$('memo://counter')).ended;

    expect(contents.values).toMatchObject([[{ text: '1' }]]);
    expect(errors.values).toMatchObject([
      { name: 'ServerError', message: expect.stringMatching(/do not update, and resources only with pollInterval$/) },
    ]);
    expect(subscribed).toBe(0);
    await session.disconnect();
  });

  it('is polled with pollInterval', async () => {
    const { scheduler, advance } = virtualTime();
    const { session } = openSession(server.url, { scheduler });
    await session.connect();
    const contents = record(session.resource$('memo://counter', { pollInterval: 1_000 }));
    await contents.nth(1);

    for (const n of [2, 3]) {
      await advance(1_000);
      expect(await contents.nth(n)).toMatchObject([{ text: `${n}` }]);
    }
    contents.stop();
    await session.disconnect();
  });

  it('makes live lists warn once', async () => {
    const { session } = openSession(server.url);
    const errors = record(session.errors$);
    await session.connect();
    const lists = [record(session.tools$), record(session.resources$)];

    expect((await lists[0]!.nth(1)).length).toBe(1);
    expect(await errors.nth(1)).toMatchObject({ name: 'ServerError', message: expect.stringContaining('live views') });
    await lists[1]!.nth(1);
    expect(errors.values).toHaveLength(1);
    for (const list of lists) list.stop();
    await session.disconnect();
  });
});
