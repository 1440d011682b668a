import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { virtualTime } from 'rx-mcp/testing';
import { useStage } from '../../rig/useStage';
import { type Asked, event, initialized, stream, startHostileServer } from './startHostileServer';

const stage = useStage(startHostileServer);
const bound = 30_000;

describe('a server that does not acknowledge notifications and responses', () => {
  it('does not hold a connection forever over HTTP+SSE', async () => {
    const { scheduler, advance } = virtualTime();
    let standing: ServerResponse | undefined;
    const open = new Set<ServerResponse>();
    const server = await stage.server((asked) => {
      const { what, id, from, to } = asked;
      if (what === 'GET') return (standing = stream(asked)).write('event: endpoint\ndata: /messages\n\n');
      if (what === 'custom/note') return open.add(to.on('close', () => open.delete(to))).has(to);
      to.writeHead(from.url === '/messages' ? 202 : 405).end();
      if (from.url === '/messages' && id !== undefined)
        standing?.write(event({ id, result: what === 'initialize' ? initialized : {} }));
      return true;
    });
    const { session } = stage.session(server, {}, { scheduler });
    await session.connect();

    const noted = session.notify('custom/note').catch((error: unknown) => error);
    while (open.size === 0) await setImmediate();
    await advance(bound);
    while (open.size > 0) await setImmediate();

    expect(await noted).toMatchObject({ name: 'ConnectionLostError', message: `sending: timed out after ${bound} ms` });
    await expect(session.ping()).resolves.toBeUndefined();
  });

  it.each([
    ['a notification', 'custom/note'],
    ['a response', 'answer'],
  ])('does not hold a connection forever for %s', async (_, what) => {
    const { scheduler, advance } = virtualTime();
    const open = new Set<Asked>();
    const server = await stage.server((asked) => {
      if (asked.what !== what) return false;
      open.add(asked);
      asked.to.on('close', () => open.delete(asked));
      return true;
    });
    const { session, errors } = stage.session(server, {}, { scheduler });
    await session.connect();
    const noted = session.notify('custom/note').catch((error: unknown) => error);
    await server.write(event({ id: 'one', method: 'ping' }));
    while (open.size === 0) await setImmediate();

    await advance(bound - 1);
    await setImmediate();
    expect(open.size).toBe(1);
    await advance(1);
    while (open.size > 0) await setImmediate();

    const error = what === 'answer' ? errors[0] : await noted;
    expect(error).toMatchObject({ name: 'ConnectionLostError', message: expect.stringContaining(`${bound} ms`) });
    await expect(session.ping()).resolves.toBeUndefined();
  });
});
