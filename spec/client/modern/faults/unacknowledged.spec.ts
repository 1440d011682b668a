import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { modernOnly } from '../../../rig/startModernServer';
import { useStage } from '../../../rig/useStage';
import { eventOf, startStubServer, stream } from './startStubServer';

const stage = useStage(startStubServer, modernOnly);
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);

beforeEach(() => void process.on('unhandledRejection', note));
afterEach(async () => {
  await setImmediate();
  await setImmediate();
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

const subscriptions: [string, (response: ServerResponse) => unknown][] = [
  ['does not respond to it', () => undefined],
  ['opens its stream', (response) => stream(response).flushHeaders()],
  ['sends comments', (response) => stream(response).write(': ping\n\n')],
  [
    'sends a notification that belongs to no subscription',
    (response) => stream(response).write(eventOf({ method: 'notifications/tools/list_changed' })),
  ],
  ['starts a JSON response', (response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{')],
];

describe('a subscription that the server does not acknowledge', () => {
  it.each(subscriptions)('is closed by disconnect() if the server %s', async (_, subscribe) => {
    const server = await stage.server();
    const open = new Set<ServerResponse>();
    const closed = new Promise<void>((resolve) => {
      server.onListen((response) => {
        open.add(response.on('close', () => open.delete(response) && open.size === 0 && resolve()));
        subscribe(response);
      });
    });
    const { session } = await stage.connected(server.url);
    const completed = new Promise<void>((resolve) => session.tools$.subscribe({ complete: resolve }));
    const listed = session.listTools().catch((error: unknown) => error);
    while (open.size === 0) await setImmediate();

    await session.disconnect();
    await Promise.all([closed, completed, listed]);

    expect(open.size).toBe(0);
    const requests = server.methods.length;
    await setImmediate();
    expect(server.methods).toHaveLength(requests);
  });

  it('is closed by disconnect() in the tick in which it is sent', async () => {
    const server = await stage.server();
    server.onListen(() => undefined);
    const { session } = await stage.connected(server.url);
    session.tools$.subscribe();
    const read = session.listTools().catch((error: unknown) => error);

    await session.disconnect();

    expect(await read).toMatchObject({ name: 'SessionClosedError' });
  });
});
