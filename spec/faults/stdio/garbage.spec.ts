import { InvalidNotificationError, ofMethod } from 'rx-mcp';
import { garbage } from '../../rig/stdio/garbage';
import { useStdio } from './useStdio';

describe('a server that writes garbage', () => {
  const start = useStdio();

  it('is reported on errors$, line by line, with reason and text', async () => {
    const { session, errors } = start();
    await session.connect();

    await session.callTool('garbage');

    expect(errors.every((error) => error instanceof InvalidNotificationError)).toBe(true);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^receiving: invalid JSON \(.+JSON.*\)$/),
      expect.stringMatching(/^receiving: invalid JSON \(.+JSON.*\)$/),
      'receiving: invalid message (not a JSON-RPC message)',
      'receiving: invalid message (not a JSON-RPC message)',
      'receiving: invalid message (unsupported batch)',
      'notifications/progress: expected string or number at params.progressToken',
      'notifications/resources/updated: expected an object at params',
      'receiving: invalid message (unknown member "extra")',
    ]);
    expect(errors[0]).toMatchObject({ notification: garbage[0], cause: expect.any(SyntaxError) });
  });

  it('has its valid messages delivered', async () => {
    const { session } = start();
    const methods: string[] = [];
    const typed: unknown[] = [];
    session.notifications$.subscribe(({ method }) => methods.push(method));
    session.notifications$.pipe(ofMethod('notifications/progress')).subscribe(({ params }) => typed.push(params));
    await session.connect();

    await session.callTool('garbage');

    expect(methods).toEqual([
      'custom/batched',
      'custom/batched',
      'notifications/progress',
      'notifications/resources/updated',
      'custom/extra-key',
      'custom/after-garbage',
    ]);
    expect(typed).toEqual([]);
  });

  it('keeps its session after a thousand lines of garbage', async () => {
    const { session, errors, statuses } = start();
    await session.connect();

    for (let n = 0; n < 100; n++) await session.callTool('garbage');

    expect(errors).toHaveLength(800);
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'connected']);
    expect(await session.callTool('echo', { a: 1 })).toMatchObject({ content: [{ text: '{"a":1}' }] });
  });
});
