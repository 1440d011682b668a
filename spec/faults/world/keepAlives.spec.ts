import { setImmediate } from 'node:timers/promises';
import { VirtualTimeScheduler } from 'rxjs';
import { event } from './responses';
import { startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

/** Sends comments at these times in virtual seconds, each in the same write as a notification that proves that it was read. */
async function sendKeepAlives(times: readonly number[]) {
  const { scheduler, advance } = createClock();
  const server = await stage.server();
  const watched = await stage.connected(server, {}, { scheduler });
  /** If the stream was closed, the next one must be open before data can arrive. */
  async function listening(): Promise<void> {
    for (let steps = 0; steps < 600; steps++) {
      const last = watched.statuses.at(-1);
      if (last?.state === 'connected' && last.listening) return;
      await advance(100);
    }
    throw new Error('The stream is not opened again');
  }

  let now = 0;
  for (const [n, at] of times.entries()) {
    // In steps, so that a reopened stream is not timed out before its response can arrive.
    for (let left = (at - now) * 1_000; left > 0; left -= 5_000) await advance(Math.min(left, 5_000));
    now = at;
    await listening();
    server.write(`: ping\n\n${event({ method: 'custom/tick', params: { n } })}`);
    await watched.receives(n);
  }
  return { server, advance, listening, ...watched };
}

const every = (seconds: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / seconds) }, (_, n) => from + (n + 1) * seconds);

describe('a healthy stream', () => {
  it.each([
    ['two keep-alives arrive close together before the others', [0.3, 0.36, ...every(4, 0.36, 13)]],
    ['a proxy delivers keep-alives in batches', [10, 10.1, 10.2, 10.3, 40, 40.1, 40.2, 70, 70.1, 100]],
    ['two timers with different periods send keep-alives', [2, 4, 5, 6, 8, 10, 15, 30, 45, 60]],
    ['the interval between keep-alives grows', [1, 2, 3, 4, 9, 14, 28, 42]],
    ['keep-alives arrive more than once per second for a while', [...every(0.1, 0, 5), 14, 28, 42]],
  ])('stays open when %s', async (_, times) => {
    const { server, gaps, errors } = await sendKeepAlives(times);
    expect({ gets: server.requestCounts['GET'], gaps, errors }).toEqual({ gets: 1, gaps: [], errors: [] });
  });
});

describe('a silent stream', () => {
  it('is reopened once keep-alives are certainly missing', async () => {
    const { server, advance, listening, gaps } = await sendKeepAlives(every(20, 0, 200));
    for (let seconds = 0; seconds < 600 && gaps.length === 0; seconds += 10) {
      await advance(10_000);
      await listening();
    }
    expect(server.requestCounts['GET']).toBeGreaterThan(1);
    expect(gaps).toHaveLength(1);
  });

  it('has a longer limit after a false alarm', async () => {
    const { server } = await sendKeepAlives([...every(15, 0, 150), 250, 350, 450, 550]);
    expect(server.requestCounts['GET']).toBeGreaterThan(1);
    expect(server.requestCounts['GET']).toBeLessThanOrEqual(3);
  });
});

/** A clock that jumps. Frame by frame, how often a stream is given up would depend on how fast the socket is. */
function createClock() {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  async function advance(ms: number): Promise<void> {
    await setImmediate();
    scheduler.maxFrames += ms;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
    await setImmediate();
  }
  return { scheduler, advance };
}
