import { firstValueFrom, skip } from 'rxjs';
import { type IncomingRequest, plain } from './responses';
import { startWorldServer, uri, type WorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

const reset = ({ to }: IncomingRequest): true => {
  to.destroy();
  return true;
};
const internalError = (incoming: IncomingRequest): true => plain(incoming, 500, 'broken');

/** Answers the requests with a method in turn, and leaves those after the last answer to the server. */
function answerInTurn(
  server: WorldServer,
  method: string,
  answers: ((incoming: IncomingRequest) => true)[],
  others: (incoming: IncomingRequest) => boolean = () => false,
): void {
  const rest = [...answers];
  server.answer((incoming) => (incoming.kind === method ? (rest.shift()?.(incoming) ?? false) : others(incoming)));
}

const requests = (server: WorldServer, method: string): number => server.requestCounts[method] ?? 0;

const streams: [string, (incoming: IncomingRequest) => boolean][] = [
  ['an open stream', () => false],
  ['no stream', (incoming) => incoming.kind === 'GET' && plain(incoming, 405)],
];

describe.each([
  ['tools$', 'tools/list'],
  ['resource$', 'resources/read'],
])('%s on a connection that stays open', (view, method) => {
  const view$ = ({ session }: ReturnType<typeof stage.session>) =>
    view === 'tools$' ? session.tools$ : session.resource$(uri, { pollInterval: 60_000 });

  it.each(streams)('reports lost requests once, and emits after the first response, with %s', async (_, get) => {
    const server = await stage.server();
    answerInTurn(server, method, [reset, reset, reset], get);
    const watched = stage.session(server.url);
    await watched.session.connect();

    await expect(firstValueFrom<unknown>(view$(watched))).resolves.toHaveLength(1);

    expect(watched.errors.filter(({ message }) => message.startsWith(method))).toMatchObject([
      { name: 'ConnectionLostError' },
    ]);
    expect(requests(server, method)).toBe(4);
    expect(watched.statuses.at(-1)?.state).toBe('connected');
  });

  it('does not report a single lost request', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    answerInTurn(server, method, [reset]);

    await firstValueFrom<unknown>(view$(watched));

    expect(requests(server, method)).toBe(2);
    expect(watched.errors).toEqual([]);
  });

  it.each([
    ['a rejected request after a lost one', [reset, internalError]],
    ['a rejected request before a lost one', [internalError, reset]],
  ])('reports %s, and nothing else', async (_, answers) => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    answerInTurn(server, method, answers);

    await firstValueFrom<unknown>(view$(watched));

    expect(requests(server, method)).toBe(3);
    expect(watched.errors).toMatchObject([{ name: 'ConnectionFailedError', status: 500 }]);
  });
});

describe('tools$', () => {
  it('reports lost requests again after a fetch that succeeded', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    const second = firstValueFrom(watched.session.tools$.pipe(skip(1)));
    answerInTurn(server, 'tools/list', [reset, reset]);
    await firstValueFrom(watched.session.tools$);
    expect(watched.errors).toHaveLength(1);

    answerInTurn(server, 'tools/list', [reset, reset]);
    server.write('data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n');
    await second;

    expect(watched.errors).toHaveLength(2);
  });

  it('does not report a request that was lost with the connection', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer(({ kind }) => kind === 'tools/list');
    const tools = firstValueFrom(watched.session.tools$);
    await server.until(() => requests(server, 'tools/list') === 1);

    await server.kill();
    await watched.until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');
    server.answer(undefined);
    await server.start();

    await expect(tools).resolves.toHaveLength(1);
    expect(watched.errors.filter(({ message }) => message.startsWith('tools/list'))).toEqual([]);
  });
});
