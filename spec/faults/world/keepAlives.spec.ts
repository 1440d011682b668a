import { createClock } from '../../rig/createClock';
import { event, startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

/** Has comments come at these times, in virtual seconds, each in one write with a notification that shows that it was read. */
async function hears(times: readonly number[]) {
  const { scheduler, advance } = createClock();
  const server = await stage.server();
  const watched = await stage.connected(server, {}, { scheduler });
  /** Where the stream was given up, the next one has to be open before anything can come. */
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
    await advance((at - now) * 1_000);
    now = at;
    await listening();
    server.write(`: ping\n\n${event({ method: 'custom/tick', params: { n } })}`);
    await watched.heard(n);
  }
  return { server, advance, listening, ...watched };
}

const every = (seconds: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / seconds) }, (_, n) => from + (n + 1) * seconds);

describe('a healthy stream', () => {
  it.each([
    ['two that are close together come before the others', [0.3, 0.36, ...every(4, 0.36, 13)]],
    ['a proxy lets them through in bunches', [10, 10.1, 10.2, 10.3, 40, 40.1, 40.2, 70, 70.1, 100]],
    ['two timers of different periods send them', [2, 4, 5, 6, 8, 10, 15, 30, 45, 60]],
    ['the period grows', [1, 2, 3, 4, 9, 14, 28, 42]],
    ['they come faster than once a second for a while', [...every(0.1, 0, 5), 14, 28, 42]],
  ])('stays open when %s', async (_, times) => {
    const { server, gaps, errors } = await hears(times);
    expect({ gets: server.asked['GET'], gaps, errors }).toEqual({ gets: 1, gaps: [], errors: [] });
  });
});

describe('a silent stream', () => {
  it('is reopened once keep-alives are certainly missing', async () => {
    const { server, advance, listening, gaps } = await hears(every(20, 0, 200));
    for (let seconds = 0; seconds < 600 && gaps.length === 0; seconds += 10) {
      await advance(10_000);
      await listening();
    }
    expect(server.asked['GET']).toBeGreaterThan(1);
    expect(gaps).toHaveLength(1);
  });

  it('has a longer limit after a false alarm', async () => {
    const { server } = await hears([...every(15, 0, 150), 250, 350, 450, 550]);
    expect(server.asked['GET']).toBeLessThanOrEqual(3);
  });
});
