import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { MCPSession, ServerError } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { filter, firstValueFrom, map, type Observable } from 'rxjs';
import { idle } from '../../../rig/idle';
import { record } from '../../../rig/record';
import { sdkServer } from '../../../rig/sdkServer';

const tool = (name: string) => ({ name, inputSchema: { type: 'object' as const } });

describe('live lists of a non-conforming server', () => {
  it('report cyclic pagination as a typed error, and retry with growing delays', async () => {
    const { scheduler, advance } = virtualTime();
    let isCyclic = true;
    const server = sdkServer({ tools: {} }, (sdk) => {
      sdk.setRequestHandler(ListToolsRequestSchema, ({ params }) =>
        params?.cursor === undefined
          ? { tools: [tool('first')], nextCursor: 'a' }
          : { tools: [tool(params.cursor)], ...(isCyclic && { nextCursor: params.cursor === 'a' ? 'b' : 'a' }) },
      );
    });
    const session = new MCPSession(server.connector(), { scheduler });
    const errors = record(session.errors$);
    await session.connect();

    const lists = record(session.tools$);

    const error = await errors.nth(1);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({
      message: 'tools/list: pagination does not terminate (repeated cursor)',
      data: { nextCursor: 'a' },
    });
    for (let second = 0; second < 60; second++) {
      await advance(1_000);
      await idle();
    }
    // Each attempt requests three pages. Its delay is random, with the upper limits 0.5, 1, 2, 4, 8, 16, 30 seconds.
    const attempts = server.count('tools/list') / 3;
    expect(attempts).toBeGreaterThanOrEqual(5);
    expect(attempts).toBeLessThan(40);
    expect(errors.values).toHaveLength(1);
    expect(lists.values).toEqual([]);

    isCyclic = false;
    await advance(30_000);
    expect((await lists.nth(1)).map(({ name }) => name)).toEqual(['first', 'a']);
    lists.stop();
    await session.disconnect();
  });

  it('report endless pagination as a typed error', async () => {
    let pages = 0;
    const server = sdkServer({ tools: {} }, (sdk) => {
      sdk.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [], nextCursor: `${++pages}` }));
    });
    const session = new MCPSession(server.connector());
    await session.connect();

    await expect(session.listTools()).rejects.toMatchObject({
      name: 'ServerError',
      message: 'tools/list: pagination does not terminate (more than 1000 pages)',
    });

    expect(pages).toBe(1_000);
    await session.disconnect();
  });

  it('end at an empty cursor', async () => {
    const server = sdkServer({ tools: {} }, (sdk) => {
      sdk.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [tool('only')], nextCursor: '' }));
    });
    const session = new MCPSession(server.connector());
    await session.connect();

    expect(await session.listTools()).toHaveLength(1);
    expect(await firstValueFrom(session.tools$)).toHaveLength(1);
    expect(server.count('tools/list')).toBe(2);

    await session.disconnect();
  });

  it('are empty without an error if the server has no such list', async () => {
    const session = new MCPSession(sdkServer({}).connector());
    const errors = record(session.errors$);
    await session.connect();

    for (const list$ of [session.tools$, session.prompts$, session.resources$, session.resourceTemplates$]) {
      const any$: Observable<readonly unknown[]> = list$;
      expect(await firstValueFrom(any$)).toEqual([]);
    }

    expect(errors.values).toEqual([]);
    await session.disconnect();
  });

  it('follow undeclared changes', async () => {
    let tools = ['before'];
    const server = sdkServer({ tools: {} }, (sdk) => {
      sdk.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(tool) }));
    });
    const session = new MCPSession(server.connector());
    await session.connect();
    const lists = record(session.tools$.pipe(map((all) => all.map(({ name }) => name))));
    await lists.nth(1);

    tools = ['after'];
    await server.current.notification({ method: 'notifications/tools/list_changed' });

    expect(session.capabilities).toEqual({ tools: {} });
    expect(await lists.nth(2)).toEqual(['after']);
    lists.stop();
    await session.disconnect();
  });

  it('refetch templates on resources/list_changed', async () => {
    let templates = ['one'];
    const server = sdkServer({ resources: {} }, (sdk: Server) => {
      sdk.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [] }));
      sdk.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
        resourceTemplates: templates.map((name) => ({ name, uriTemplate: `test://${name}/{id}` })),
      }));
    });
    const session = new MCPSession(server.connector());
    await session.connect();
    const lists = record(session.resourceTemplates$.pipe(map((all) => all.map(({ name }) => name))));
    await lists.nth(1);

    templates = ['one', 'two'];
    await server.current.notification({ method: 'notifications/resources/list_changed' });

    expect(await lists.nth(2)).toEqual(['one', 'two']);
    lists.stop();
    await session.disconnect();
  });

  it('continue when a session that closed with an error is connected again', async () => {
    let connections = 0;
    const server = sdkServer({ tools: {} }, (sdk) => {
      const name = `connection ${++connections}`;
      sdk.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [tool(name)] }));
    });
    const session = new MCPSession(server.connector({ reconnect: false }));
    await session.connect();
    const lists = record(session.tools$.pipe(map((all) => all.map(({ name }) => name))));
    await lists.nth(1);
    await server.current.close();
    await firstValueFrom(session.status$.pipe(filter(({ state }) => state === 'closed')));

    await session.connect();

    expect(await lists.nth(2)).toEqual(['connection 2']);
    expect(server.count('tools/list')).toBe(2);
    lists.stop();
    await session.disconnect();
  });

  it('fetch on the next connection when a fetch was interrupted', async () => {
    let connections = 0;
    const server = sdkServer({ tools: {} }, (sdk) => {
      const isFirst = ++connections === 1;
      sdk.setRequestHandler(ListToolsRequestSchema, () =>
        isFirst ? new Promise<never>(() => {}) : { tools: [tool('second')] },
      );
    });
    const session = new MCPSession(server.connector({ reconnect: { initialDelay: 1, maxDelay: 1 } }));
    await session.connect();
    const lists = record(session.tools$.pipe(map((all) => all.map(({ name }) => name))));
    await idle();

    await server.current.close();

    expect(await lists.nth(1)).toEqual(['second']);
    await firstValueFrom(session.status$.pipe(filter(({ state }) => state === 'connected')));
    await idle();
    expect(server.count('tools/list')).toBe(2);
    lists.stop();
    await session.disconnect();
  });
});
