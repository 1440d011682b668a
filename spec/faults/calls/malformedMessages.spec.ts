import { InvalidNotificationError, MCPSession, ofMethod } from 'rx-mcp';
import { useStage } from '../../rig/useStage';
import { watchSession } from '../../rig/watchSession';
import { createMemoryServer } from '../../rig/createMemoryServer';

const stage = useStage();
const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const tick = (n: number): object => ({ jsonrpc: '2.0', method: 'custom/tick', params: { n } });

describe('malformed messages on a listening stream', () => {
  it('are reported on errors$, and the stream continues', async () => {
    const server = await stage.server();
    const { errors, ticks, receives, statuses, gaps } = await stage.connected(server.url);
    const connected = statuses.length;

    await server.raw(event('{"jsonrpc":"2.0","met') + event('[]') + event('7') + event({ jsonrpc: '2.0', id: {} }));
    await server.raw(event([tick(1), tick(2)]) + event({ ...tick(3), extra: true }) + event(tick(4)));
    await receives(4);

    expect(ticks).toEqual([1, 2, 3, 4]);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^receiving: invalid JSON \(.+JSON.+\)$/),
      'receiving: invalid message (unsupported batch)',
      'receiving: invalid message (not a JSON-RPC message)',
      'receiving: invalid message (not a JSON-RPC message)',
      'receiving: invalid message (unsupported batch)',
      'receiving: invalid message (unknown member "extra")',
    ]);
    expect(errors.every((error) => error instanceof InvalidNotificationError)).toBe(true);
    expect({ statuses: statuses.length, gaps }).toEqual({ statuses: connected, gaps: [] });
  });

  it('are parsed with any chunking', async () => {
    const server = await stage.server();
    const { ticks, receives } = await stage.connected(server.url);
    const text = event({ jsonrpc: '2.0', method: 'custom/tick', params: { n: 1, text: 'żółć 🎈' } }) + event(tick(2));

    await server.raw(text, { bytesPerWrite: 1 });
    await receives(2);

    expect(ticks).toEqual([1, 2]);
  });
});

describe('malformed messages in memory', () => {
  const open = async () => {
    const memory = createMemoryServer();
    const watched = watchSession(new MCPSession(memory.connector()));
    await watched.session.connect();
    return { memory, ...watched };
  };

  it.each([
    ['missing params', { method: 'notifications/progress' }],
    ['params that are not an object', { method: 'notifications/progress', params: [1] }],
    [
      'a progress that is not a number',
      { method: 'notifications/progress', params: { progressToken: 1, progress: '1' } },
    ],
    ['an unknown level', { method: 'notifications/message', params: { level: 'loud', data: '' } }],
    ['a URI that is not a string', { method: 'notifications/resources/updated', params: { uri: 1 } }],
  ])('are not emitted to typed subscribers, whose streams continue: %s', async (_, wrong) => {
    const { memory, session, errors } = await open();
    const typed: string[] = [];
    const methods = ['notifications/progress', 'notifications/message', 'notifications/resources/updated'] as const;
    session.notifications$.pipe(ofMethod(...methods)).subscribe(({ method }) => typed.push(method));

    memory.write({ jsonrpc: '2.0', ...wrong });
    memory.write({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'good' } });

    expect(typed).toEqual(['notifications/message']);
    expect(errors).toEqual([expect.objectContaining({ name: 'InvalidNotificationError' })]);
    expect(errors[0]).toMatchObject({ retryable: false, issues: [{ message: expect.any(String) }] });
    await session.disconnect();
  });

  it('fail the call that they respond to', async () => {
    const answers: object[] = [
      { result: 'a string' },
      { result: null },
      { error: 'a string' },
      { error: { code: 'a string', message: 'x' } },
      { error: { code: 1.5, message: 'x' } },
      { result: {}, error: { code: 1, message: 'both' } },
      { result: { content: 'none' } },
      {},
    ];
    const { memory, session } = await open();

    for (const answer of answers) {
      const call = session.callTool('any');
      const { id } = { id: undefined, ...memory.received.at(-1) };
      memory.write({ jsonrpc: '2.0', id, ...answer });
      await expect(call).rejects.toMatchObject({
        name: expect.stringMatching(/^(Server|InvalidResult)Error$/),
        retryable: false,
      });
    }
    await session.ping();
    await session.disconnect();
  });

  it('are accepted if their meaning is clear', async () => {
    const { memory, session, errors } = await open();
    const messages: object[] = [
      { jsonrpc: '2.0', result: { content: [] }, error: null },
      { jsonrpc: '2.0', result: { content: [] }, extra: 1 },
      { result: { content: [] } },
    ];

    for (const message of messages) {
      const call = session.callTool('any');
      const { id } = { id: undefined, ...memory.received.at(-1) };
      memory.write({ id, ...message });
      expect(await call).toEqual({ content: [] });
    }

    expect(errors.map(({ message }) => message)).toEqual([
      'receiving: invalid message (unknown member "extra")',
      'receiving: invalid message (missing "jsonrpc": "2.0")',
    ]);
    await session.disconnect();
  });
});
