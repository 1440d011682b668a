import { virtualTime } from 'rx-mcp/testing';
import { firstValueFrom, type Observable } from 'rxjs';
import { useStage } from '../../rig/useStage';
import { type Answer, empty, json, plain, result } from './responses';
import { startWorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);

/** The responses to a list that the server does not declare. */
const answers: [string, Answer][] = [
  ...[400, 404, 405, 500, 501, 503].map((status): [string, Answer] => [
    `HTTP ${String(status)}`,
    (incoming) => plain(incoming, status, 'broken'),
  ]),
  ['HTTP 200 with HTML', (incoming) => plain(incoming, 200, '<html>', 'text/html')],
  ['HTTP 204', (incoming) => empty(incoming, 204)],
  [
    'an internal error',
    ({ id, ...incoming }) => json(incoming, 200, { jsonrpc: '2.0', id, error: { code: -32603, message: 'no' } }),
  ],
  ['a result of a different shape', (incoming) => result(incoming, { items: [] })],
];

describe.each([
  ['prompts$', 'prompts/list'],
  ['resources$', 'resources/list'],
  ['resourceTemplates$', 'resources/templates/list'],
] as const)('%s of a server that does not declare it', (name, method) => {
  it.each(answers)('is empty if the server responds with %s, and is requested once', async (_, answer) => {
    const server = await stage.server({ capabilities: { tools: {} } });
    const { session, statuses } = await stage.connected(server);
    server.answer((incoming) => incoming.kind === method && answer(incoming));

    expect(await firstValueFrom<readonly object[]>(session[name])).toEqual([]);
    await session.callTool('echo');

    expect(server.requestCounts).toMatchObject({ [method]: 1, initialize: 1 });
    expect(statuses.map(({ state }) => state)).not.toContain('reconnecting');
  });

  it.each([400, 404, 502])('keeps its items if a later request is rejected with %i', async (status) => {
    const key = name === 'prompts$' ? 'prompts' : name === 'resources$' ? 'resources' : 'resourceTemplates';
    const item = { name: 'notes', uri: 'world://notes', uriTemplate: 'world://{name}' };
    const server = await stage.server({ capabilities: { tools: {} } });
    const { session } = await stage.connected(server);
    let rejects = false;
    server.answer((incoming) => {
      if (incoming.kind !== method) return false;
      return rejects ? plain(incoming, status, 'broken') : result(incoming, { [key]: [item] });
    });
    const lists: (readonly object[])[] = [];
    const list$: Observable<readonly object[]> = session[name];
    const subscription = list$.subscribe((list) => lists.push(list));
    await firstValueFrom(list$);
    rejects = true;
    const changed = key === 'prompts' ? 'prompts' : 'resources';
    server.write(`data: {"jsonrpc":"2.0","method":"notifications/${changed}/list_changed"}\n\n`);
    await server.until(() => server.requestCounts[method] === 2);
    rejects = false;
    await server.until(() => (server.requestCounts[method] ?? 0) >= 3);
    await session.callTool('echo');

    expect(lists.map(({ length }) => length)).toEqual(lists.map(() => 1));
    subscription.unsubscribe();
  });

  it('is empty if the server does not respond', async () => {
    const { scheduler, advance } = virtualTime();
    const server = await stage.server({ capabilities: { tools: {} } });
    const { session } = await stage.connected(server, {}, { scheduler });
    server.answer((incoming) => incoming.kind === method);
    const list = firstValueFrom<readonly object[]>(session[name]);
    await server.until(() => server.requestCounts[method] === 1);

    await advance(10_000);

    expect(await list).toEqual([]);
  });
});
