import { setImmediate } from 'node:timers/promises';
import { concat, NEVER, of, VirtualTimeScheduler } from 'rxjs';
import { backoffPolicy } from '../../../lib/client/connection/retry/backoff';
import { followPost } from '../../../lib/connection/http/followPost';
import { type Asked, stream, useHostile } from './useHostile';

const stage = useHostile();
const calls = 10;

describe('a cancelled call', () => {
  it.each([
    ['is not answered at all', () => undefined],
    ['is answered with a stream that says nothing', stream],
  ])('holds no connection when it %s and neither does its cancellation', async (_, answer) => {
    const open = new Set<Asked>();
    const server = await stage.server((asked) => {
      if (asked.what !== 'tools/call') return asked.what === 'notifications/cancelled';
      open.add(asked);
      asked.to.on('close', () => open.delete(asked));
      answer(asked);
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

    expect(server.asked['tools/call']).toBe(calls);
  });
});

describe('the response stream of a settled call', () => {
  it('is closed although the server keeps it open', () => {
    const scheduler = new VirtualTimeScheduler();
    const following = followPost({
      answer$: () => concat(of([{ id: undefined, event: undefined, data: 'the answer' }]), NEVER),
      resume$: () => NEVER,
      take: () => true,
      refuse: fail,
      waits: () => backoffPolicy({ scheduler }),
      scheduler,
    });

    expect(following.closed).toBe(false);
    scheduler.flush();

    expect(following.closed).toBe(true);
  });
});

function fail(error: Error): never {
  throw error;
}
