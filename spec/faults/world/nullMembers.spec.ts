import { event, result, type Answer } from './responses';
import { startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);
const good = (name: string) => ({ name, inputSchema: { type: 'object' } });

const answering =
  (method: string, value: object): Answer =>
  (incoming) =>
    incoming.kind === method && result(incoming, value);

describe('null for an optional member', () => {
  it.each([
    ['nextCursor', { tools: [good('a')], nextCursor: null }],
    ['_meta', { tools: [good('a')], _meta: null }],
    [
      'members of a tool',
      { tools: [{ ...good('a'), title: null, description: null, annotations: null, outputSchema: null }] },
    ],
  ])('is read as absent: %s', async (_, list) => {
    const server = await stage.server();
    const { session, errors } = await stage.connected(server);
    server.answer(answering('tools/list', list));
    expect((await session.listTools()).map(({ name }) => name)).toEqual(['a']);
    expect(errors).toEqual([]);
  });

  it.each([
    ['resources', 'resources/list', { resources: [{ name: 'r', uri: 'x://r', mimeType: null, size: null }] }],
    ['prompts', 'prompts/list', { prompts: [{ name: 'p', arguments: null, description: null }], nextCursor: null }],
    [
      'templates',
      'resources/templates/list',
      { resourceTemplates: [{ name: 't', uriTemplate: 'x://{a}', title: null }] },
    ],
  ])('is read as absent in lists of %s', async (_, method, list) => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    server.answer(answering(method, list));
    const lists = {
      'resources/list': () => session.listAllResources(),
      'prompts/list': () => session.listPrompts(),
      'resources/templates/list': () => session.listResourceTemplates(),
    };
    expect(await lists[method as keyof typeof lists]()).toHaveLength(1);
  });

  it('is read as absent in results of tools, and kept in structured content', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    const answer = {
      content: [{ type: 'text', text: 'a', annotations: null }],
      isError: null,
      structuredContent: { a: null },
    };
    server.answer(answering('tools/call', answer));
    const called = await session.callTool('echo');
    expect(called).toMatchObject({ content: [{ type: 'text', text: 'a' }], structuredContent: { a: null } });
    expect(called.isError ?? false).toBe(false);
  });

  it.each([{ total: null }, { message: null }, { total: null, message: null }])(
    'is read as absent in progress: %j',
    async (members) => {
      const server = await stage.server();
      const { session, errors, receives } = await stage.connected(server);
      const seen: unknown[] = [];
      session.notifications$.subscribe(({ method, params }) => method.endsWith('progress') && seen.push(params));
      const params = { progressToken: 't', progress: 1, ...members };
      server.write(
        event({ method: 'notifications/progress', params }) + event({ method: 'custom/tick', params: { n: 1 } }),
      );
      await receives(1);
      expect(seen).toMatchObject([{ progressToken: 't', progress: 1 }]);
      expect(errors).toEqual([]);
    },
  );
});

describe('a list with an invalid item', () => {
  it.each([
    ['tools', 'tools/list', [good('a'), { name: 'b', inputSchema: { type: 'string' } }, good('c')], /b/],
    ['tools without a name', 'tools/list', [good('a'), { inputSchema: { type: 'object' } }, good('c')], /name/],
    ['prompts', 'prompts/list', [{ name: 'a' }, { name: 3 }, { name: 'c' }], /name/],
    ['resources', 'resources/list', [{ name: 'a', uri: 'x://a' }, { name: 'b' }, { name: 'c', uri: 'x://c' }], /uri/],
    ['items that are not objects', 'tools/list', [good('a'), null, good('c')], /1/],
  ])('keeps the valid items and reports the other one: %s', async (_, method, items, issue) => {
    const server = await stage.server();
    const { session, errors } = await stage.connected(server);
    const member = method.split('/')[0]!;
    server.answer(answering(method, { [member]: items }));
    const lists = {
      'tools/list': () => session.listTools(),
      'prompts/list': () => session.listPrompts(),
      'resources/list': () => session.listAllResources(),
    };
    const listed = await lists[method as keyof typeof lists]();
    expect(listed.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(errors).toHaveLength(1);
    expect(errors[0]!.message).toMatch(issue);
    expect(errors[0]!.message).toContain(`${member}.1`);
  });
});

describe('a result with an invalid item', () => {
  const text = { type: 'text', text: 'a' };

  it('keeps the valid items and reports the other one, for calls, reads, prompts and completions', async () => {
    const server = await stage.server();
    const { session, errors } = await stage.connected(server);
    const results: Record<string, object> = {
      'tools/call': { content: [null, text] },
      'resources/read': { contents: [null, { uri: 'x://a', text: 'a' }] },
      'prompts/get': { messages: [null, { role: 'user', content: text }] },
      'completion/complete': { completion: { values: [null, 'a'] } },
    };
    server.answer((incoming) => incoming.kind in results && result(incoming, results[incoming.kind]!));

    expect(await session.callTool('echo')).toEqual({ content: [text] });
    expect(await session.readResource('x://a')).toEqual({ contents: [{ uri: 'x://a', text: 'a' }] });
    expect(await session.getPrompt('p')).toEqual({ messages: [{ role: 'user', content: text }] });
    const ref = { type: 'ref/prompt', name: 'p' } as const;
    const completed = await session.complete({ ref, argument: { name: 'a', value: '' } });
    expect(completed.completion.values).toEqual(['a']);
    expect(errors.map(({ name, message }) => `${name} ${message}`)).toEqual([
      expect.stringMatching(/^InvalidResultError tools\/call: .*content\.0/),
      expect.stringMatching(/^InvalidResultError resources\/read: .*contents\.0/),
      expect.stringMatching(/^InvalidResultError prompts\/get: .*messages\.0/),
      expect.stringMatching(/^InvalidResultError completion\/complete: .*completion\.values\.0/),
    ]);
  });
});

describe('an initialize result', () => {
  it.each([
    ['without a version', { name: 'w' }],
    ['with version: null', { name: 'w', version: null }],
    ['that is missing', undefined],
  ])('is accepted with a serverInfo %s', async (_, serverInfo) => {
    const server = await stage.server({ ids: 'none' });
    const agreed = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, instructions: null, serverInfo };
    server.answer((incoming) => incoming.kind === 'initialize' && result(incoming, agreed));
    const { session } = stage.session(server.url);
    await session.connect();
    expect(session.capabilities).toEqual({ tools: {} });
  });
});
