import { firstValueFrom, NEVER, VirtualTimeScheduler } from 'rxjs';
import { onDemand } from '../../../lib/client/connection/onDemand';
import { record } from '../../rig/record';

describe('onDemand', () => {
  it('loads once, and then emits synchronously', async () => {
    const load = jest.fn(() => Promise.resolve('code'));
    const loaded$ = onDemand('a part', load);
    await firstValueFrom(loaded$);

    const again = record(loaded$);

    expect(again.values).toEqual(['code']);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('errors if the code does not load in time, and loads again for the next subscriber', async () => {
    const scheduler = new VirtualTimeScheduler();
    const load = jest.fn(() => Promise.resolve('code')).mockReturnValueOnce(firstValueFrom(NEVER));
    const loaded$ = onDemand('a part', load, scheduler);
    const loading = firstValueFrom(loaded$);
    scheduler.flush();

    await expect(loading).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: 'loading a part: timed out after 30000 ms',
      retryable: true,
    });
    expect(await firstValueFrom(loaded$)).toBe('code');
    expect(load).toHaveBeenCalledTimes(2);
  });
});
