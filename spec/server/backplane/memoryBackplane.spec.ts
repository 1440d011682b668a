import { VirtualTimeScheduler } from 'rxjs';
import { memoryBackplane } from '../../../lib/server/memoryBackplane';
import { backplanePromises, bounds } from './backplanePromises';

describe('memoryBackplane', () => {
  for (const { name, keep } of backplanePromises) {
    it(name, async () => {
      const scheduler = new VirtualTimeScheduler();
      const backplane = memoryBackplane({ ...bounds, scheduler });
      const elapse = (ms: number): Promise<void> => {
        scheduler.frame += ms;
        return Promise.resolve();
      };
      await keep({ a: backplane, b: backplane, elapse });
    });
  }

  it('drops expired logs and keys while others are written', async () => {
    const scheduler = new VirtualTimeScheduler();
    const backplane = memoryBackplane({ ...bounds, scheduler });
    const position = await backplane.append('old', 'x');
    await backplane.set('old key', 'x', bounds.for);
    scheduler.frame += bounds.for;
    for (let n = 0; n < 3; n++) await backplane.append(`new ${String(n)}`, 'x');
    expect(await backplane.last('old')).toBe('0');
    expect(await backplane.range('old', position, 1)).toBeUndefined();
    expect(await backplane.alive('old key')).toBe(false);
  });

  it('keeps the end of an expired log while a reader is subscribed', async () => {
    const scheduler = new VirtualTimeScheduler();
    const backplane = memoryBackplane({ ...bounds, scheduler });
    const position = await backplane.append('log', 'x');
    const subscription = backplane.wake$('log').subscribe();
    scheduler.frame += 10 * bounds.for;
    for (let n = 0; n < 10; n++) await backplane.append('other', 'x');
    expect(await backplane.range('log', position, 1)).toEqual([]);
    subscription.unsubscribe();
    scheduler.frame += 10 * bounds.for;
    for (let n = 0; n < 10; n++) await backplane.append('other', 'x');
    expect(await backplane.range('log', position, 1)).toBeUndefined();
  });

  it('holds a bounded number of entries', async () => {
    const backplane = memoryBackplane({ events: 3 });
    for (let n = 0; n < 1_000; n++) await backplane.append('log', String(n));
    expect((await backplane.range('log', '0', 1_000))?.map(({ frame }) => frame)).toEqual(['997', '998', '999']);
  });
});
