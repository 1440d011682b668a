import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { virtualTime } from 'rx-mcp/testing';
import { useStage } from '../../rig/useStage';
import { type IncomingRequest, event, initialized, stream, startHostileServer } from './startHostileServer';

const stage = useStage(startHostileServer);
const bound = 30_000;

describe('a server that does not acknowledge notifications and responses', () => {
  it('does not hold a connection forever over HTTP+SSE', async () => {
    const { scheduler, advance } = virtualTime();
    let standing: ServerResponse | undefined;
    const open = new Set<ServerResponse>();
    const server = await stage.server((incoming) => {
      const { kind, id, from, to } = incoming;
      if (kind === 'GET') return (standing = stream(incoming)).write('event: endpoint\ndata: /messages\n\n');
      if (kind === 'custom/note') return open.add(to.on('close', () => open.delete(to))).has(to);
      to.writeHead(from.url === '/messages' ? 202 : 405).end();
      if (from.url === '/messages' && id !== undefined)
        standing?.write(event({ id, result: kind === 'initialize' ? initialized : {} }));
      return true;
    });
    const { session } = stage.session(server, {}, { scheduler });
    await session.connect();

    const noted = session.notify('custom/note').catch((error: unknown) => error);
    while (open.size === 0) await setImmediate();
    await advance(bound);
    while (open.size > 0) await setImmediate();

    expect(await noted).toMatchObject({
      name: 'ConnectionLostError',
      message: `custom/note: sending failed (timed out after ${bound} ms)`,
    });
    await expect(session.ping()).resolves.toBeUndefined();
  });

  it.each([
    ['a notification', 'custom/note'],
    ['a response', 'answer'],
  ])('does not hold a connection forever for %s', async (_, message) => {
    const { scheduler, advance } = virtualTime();
    const open = new Set<IncomingRequest>();
    const server = await stage.server((incoming) => {
      if (incoming.kind !== message) return false;
      open.add(incoming);
      incoming.to.on('close', () => open.delete(incoming));
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

    const error = message === 'answer' ? errors[0] : await noted;
    expect(error).toMatchObject({ name: 'ConnectionLostError', message: expect.stringContaining(`${bound} ms`) });
    await expect(session.ping()).resolves.toBeUndefined();
  });
});
