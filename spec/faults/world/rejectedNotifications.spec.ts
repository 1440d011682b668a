import { useStage } from '../../rig/useStage';
import { type IncomingRequest, empty, json, plain } from './responses';
import { startWorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);

const roots = [{ uri: 'file:///work' }];
const isRoots = ({ kind }: IncomingRequest): boolean => kind === 'notifications/roots/list_changed';

const permanent = [400, 401, 403, 404, 405, 406, 410, 415, 422, 451, 500, 501];
const transient = [408, 409, 425, 429, 502, 503, 504];

describe('setRoots', () => {
  it.each([200, 201, 202, 204])('resolves if the server responds with %i', async (status) => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    server.answer((incoming) => isRoots(incoming) && empty(incoming, status));

    await expect(session.setRoots(roots)).resolves.toBeUndefined();
  });
});

describe('notify', () => {
  it.each([...permanent, ...transient])('rejects if the server rejects the notification with %i', async (status) => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    server.answer((incoming) => incoming.kind === 'custom/note' && plain(incoming, status, 'no'));

    await expect(session.notify('custom/note')).rejects.toThrow(`custom/note: HTTP ${status}`);
    expect(server.requestCounts['custom/note']).toBe(1);
    await session.ping();
  });

  it('rejects with the status if the body is a JSON-RPC error', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    const error = { code: -32601, message: 'unknown' };
    server.answer(
      (incoming) => incoming.kind === 'custom/note' && json(incoming, 501, { jsonrpc: '2.0', id: null, error }),
    );

    await expect(session.notify('custom/note')).rejects.toMatchObject({ status: 501 });
  });
});
