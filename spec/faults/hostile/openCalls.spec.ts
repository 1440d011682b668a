import { setImmediate } from 'node:timers/promises';
import { NEVER, Subscriber, VirtualTimeScheduler } from 'rxjs';
import { backoffPolicy } from '../../../lib/client/connection/retry/backoff';
import { post } from '../../../lib/client/wire/http/postStream';
import { useStage } from '../../rig/useStage';
import { type IncomingRequest, stream, startHostileServer } from './startHostileServer';

const stage = useStage(startHostileServer);
const calls = 10;

describe('a cancelled call', () => {
  it.each([
    ['receives no response', () => undefined],
    ['receives a silent stream', stream],
  ])('holds no connection when it %s, and its cancellation holds none either', async (_, answer) => {
    const open = new Set<IncomingRequest>();
    const server = await stage.server((incoming) => {
      if (incoming.kind !== 'tools/call') return incoming.kind === 'notifications/cancelled';
      open.add(incoming);
      incoming.to.on('close', () => open.delete(incoming));
      answer(incoming);
      return true;
    });
    const { session } = stage.session(server);
    await session.connect();
    const ending = new AbortController();

    const given = Array.from({ length: calls }, () => session.callTool('any', {}, { signal: ending.signal }));
    while (open.size < calls) await setImmediate();
    ending.abort();
    await Promise.allSettled(given);
    while (open.size > 0) await setImmediate();

    expect(server.requestCounts['tools/call']).toBe(calls);
  });
});

describe('the response stream of a settled call', () => {
  it('is closed although the server keeps it open', async () => {
    const scheduler = new VirtualTimeScheduler();
    const answer = new TextEncoder().encode('data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(answer) });
    const delivered: unknown[] = [];
    const following = new Subscriber<never>();
    post(
      { jsonrpc: '2.0', id: 1, method: 'tools/call' },
      {
        endpoint: { post: () => Promise.resolve({ kind: 'stream', body }) },
        resume$: () => NEVER,
        read: ({ data }) => JSON.parse(data) as unknown,
        deliver: (message) => delivered.push(message),
        policy: () => backoffPolicy({ scheduler }),
        hint: {},
        scheduler,
      },
      following,
    );
    while (delivered.length === 0) await setImmediate();

    expect(following.closed).toBe(false);
    scheduler.flush();

    expect(following.closed).toBe(true);
  });
});
