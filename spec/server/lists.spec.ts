import { BehaviorSubject, defer, EMPTY, firstValueFrom, map, of, Subject, filter } from 'rxjs';
import { MCPServer, prompt, resource, tool, type ToolDefinition } from 'rx-mcp/server';
import { z } from 'zod';
import { serve, until, type Served } from './rig/serve';

const named = (...names: string[]): ToolDefinition[] => names.map((name) => tool(name, {}, () => name));
const changes = (notifications: { method: string }[], kind = 'tools') =>
  notifications.filter(({ method }) => method === `notifications/${kind}/list_changed`).length;

describe('a list of a server', () => {
  let served: Served | undefined;
  afterEach(async () => served?.close());

  it('announces a stream of lists: once for changes in quick succession, and not for the same listing', async () => {
    const tools$ = new BehaviorSubject(named('a'));
    served = await serve(new MCPServer({ name: 'spec', version: '1' }, { tools: tools$, coalesce: 10 }));
    const { client, notifications } = await served.connect();
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['a']);
    for (let n = 0; n < 100; n++) tools$.next(named('a', `b${n}`));
    await until(() => changes(notifications) > 0, 'list_changed');
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['a', 'b99']);
    tools$.next(named('a', 'b99'));
    tools$.next(named('c'));
    await until(() => changes(notifications) > 1, 'list_changed');
    expect(changes(notifications)).toBe(2);
  });

  it('gives each caller its own list, and announces changes of that list', async () => {
    const all$ = new BehaviorSubject(named('alice', 'bob'));
    let user = 'alice';
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        tools: ({ principal }) =>
          all$.pipe(map((tools) => tools.filter(({ listing }) => listing.name.startsWith(principal!)))),
        coalesce: 10,
      },
    );
    served = await serve(server, () => ({ token: 't', clientId: user, scopes: [] }));
    const alice = await served.connect();
    await firstValueFrom(server.status$.pipe(filter(({ listening }) => listening === 1)));
    user = 'bob';
    const bob = await served.connect();
    expect((await bob.client.listTools()).tools.map(({ name }) => name)).toEqual(['bob']);
    await firstValueFrom(server.status$.pipe(filter(({ listening }) => listening === 2)));
    all$.next(named('alice', 'bob', 'bob2'));
    await until(() => changes(bob.notifications) === 1, 'list_changed');
    expect(changes(alice.notifications)).toBe(0);
    user = 'alice';
    expect((await alice.client.listTools()).tools.map(({ name }) => name)).toEqual(['alice']);
  });
  it('is subscribed to once while the server is open, and keeps the last list when its source completes', async () => {
    let subscriptions = 0;
    const tools$ = defer(() => (subscriptions++, of(named('a'), named('a', 'b'))));
    served = await serve(new MCPServer({ name: 'spec', version: '1' }, { tools: tools$, prompts: EMPTY }));
    for (const { client } of [await served.connect(), await served.connect()]) {
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['a', 'b']);
      expect((await client.listPrompts()).prompts).toEqual([]);
      expect(await client.callTool({ name: 'b' })).toMatchObject({ content: [{ text: 'b' }] });
    }
    expect(subscriptions).toBe(1);
  });

  it('keeps the last list when its source fails, and reports the error', async () => {
    const broken$ = new Subject<ToolDefinition[]>();
    const server = new MCPServer({ name: 'spec', version: '1' }, { tools: broken$, prompts: [] });
    const errors: Error[] = [];
    server.errors$.subscribe((error) => errors.push(error));
    broken$.next(named('a'));
    broken$.error(new Error('gone'));
    served = await serve(server);
    const { client } = await served.connect();
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['a']);
    expect(errors).toMatchObject([{ name: 'HandlerError', cause: { message: 'gone' } }]);
  });

  it('announces changes that no stream reports', async () => {
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      { tools: named('a'), prompts: [], resources: [], coalesce: 10 },
    );
    served = await serve(server);
    const { notifications } = await served.connect();
    server.toolsChanged();
    server.toolsChanged();
    server.promptsChanged();
    server.resourcesChanged();
    await until(() => notifications.length === 3, 'three notifications');
    expect(notifications.map(({ method }) => method).sort()).toEqual([
      'notifications/prompts/list_changed',
      'notifications/resources/list_changed',
      'notifications/tools/list_changed',
    ]);
  });

  it('announces 1,000 registrations within `coalesce` ms once', async () => {
    const tools$ = new BehaviorSubject(named());
    served = await serve(new MCPServer({ name: 'spec', version: '1' }, { tools: tools$, coalesce: 200 }));
    const { client, notifications } = await served.connect();
    for (let n = 0; n < 1_000; n++) tools$.next([...tools$.value, ...named(`tool${n}`)]);
    await until(() => changes(notifications) > 0, 'list_changed');
    expect((await client.listTools()).tools).toHaveLength(1_000);
    expect(changes(notifications)).toBe(1);
  });

  it('has prompts with arguments, and resources with templates', async () => {
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        prompts: [
          prompt('greet', { args: z.object({ name: z.string().describe('whom') }) }, ({ name }) => `Hello ${name}`),
        ],
        resources: [
          resource('text://a', { mimeType: 'text/plain' }, () => 'A'),
          resource('bytes://b', { mimeType: 'image/png' }, () => Uint8Array.of(1, 2, 3)),
          resource('room://{id}', {}, ({ id }) => of({ room: id })),
        ],
        completions: ({ argument }) => [`${argument.value}!`],
      },
    );
    served = await serve(server);
    const { client } = await served.connect();
    expect((await client.listPrompts()).prompts).toMatchObject([
      { name: 'greet', arguments: [{ name: 'name', description: 'whom', required: true }] },
    ]);
    expect((await client.getPrompt({ name: 'greet', arguments: { name: 'x' } })).messages).toMatchObject([
      { role: 'user', content: { text: 'Hello x' } },
    ]);
    await expect(client.getPrompt({ name: 'greet', arguments: {} })).rejects.toMatchObject({ code: -32602 });
    await expect(client.getPrompt({ name: 'none' })).rejects.toMatchObject({ code: -32602 });
    expect((await client.listResources()).resources).toMatchObject([{ uri: 'text://a' }, { uri: 'bytes://b' }]);
    expect((await client.readResource({ uri: 'bytes://b' })).contents).toEqual([
      { uri: 'bytes://b', mimeType: 'image/png', blob: 'AQID' },
    ]);
    expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([{ uriTemplate: 'room://{id}' }]);
    expect((await client.readResource({ uri: 'text://a' })).contents).toEqual([
      { uri: 'text://a', mimeType: 'text/plain', text: 'A' },
    ]);
    expect((await client.readResource({ uri: 'room://7' })).contents).toEqual([
      { uri: 'room://7', mimeType: 'application/json', text: '{"room":"7"}' },
    ]);
    await expect(client.readResource({ uri: 'none://' })).rejects.toMatchObject({ code: -32002 });
    expect(
      (await client.complete({ ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'name', value: 'a' } }))
        .completion.values,
    ).toEqual(['a!']);
  });
});
