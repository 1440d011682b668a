import { lastValueFrom, tap } from 'rxjs';
import { useStdio } from './useStdio';
import { openGuest } from '../../client/guest/openGuest';

const calls = Array.from({ length: 200 }, (_, index) => index);
const expectedEvents = ['1', '2', '3', 'result'];

describe('progress in one write with its result', () => {
  const start = useStdio();

  it('is delivered completely by callTool$, in order and before the result: 600 of 600', async () => {
    const { session, errors } = start();
    await session.connect();

    for (const _ of calls) {
      const seen: string[] = [];
      await lastValueFrom(
        session
          .callTool$('burst_progress')
          .pipe(tap((event) => seen.push(event.kind === 'progress' ? String(event.progress) : event.kind))),
      );
      expect(seen).toEqual(expectedEvents);
    }
    expect(errors).toEqual([]);
  });

  it('is delivered completely to an SDK client over the session: 600 of 600', async () => {
    const { session, errors } = start();
    await session.connect();

    const { client } = await openGuest(session);
    for (const _ of calls) {
      const seen: string[] = [];
      const onprogress = ({ progress }: { progress: number }): void => void seen.push(String(progress));
      await client.callTool({ name: 'burst_progress' }, undefined, { onprogress });
      expect([...seen, 'result']).toEqual(expectedEvents);
    }
    expect(errors).toEqual([]);
  });

  it('is delivered completely to 200 concurrent calls', async () => {
    const { session, errors } = start();
    await session.connect();

    const { client } = await openGuest(session);
    const all = await Promise.all(
      calls.map(async () => {
        const seen: string[] = [];
        const onprogress = ({ progress }: { progress: number }): void => void seen.push(String(progress));
        await client.callTool({ name: 'burst_progress' }, undefined, { onprogress });
        return [...seen, 'result'];
      }),
    );

    expect(all).toEqual(calls.map(() => expectedEvents));
    expect(errors).toEqual([]);
  });
});
