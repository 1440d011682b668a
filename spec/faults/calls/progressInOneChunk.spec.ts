import { lastValueFrom, tap } from 'rxjs';
import { useStage } from '../../rig/useStage';
import { openGuest } from '../../client/guest/openGuest';

const stage = useStage();

const expectedEvents = ['1', '2', '3', 'result'];
const calls = Array.from({ length: 100 }, (_, index) => index);

/** A network that delivers each response in one piece. */
const inOnePiece: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (init?.method !== 'POST' || response.status === 202) return response;
  return new Response(await response.text(), response);
};

describe('progress in one chunk with its result, over HTTP', () => {
  it('is delivered completely by callTool$, in order and before the result', async () => {
    const server = await stage.server();
    const { session, errors } = await stage.connected(server.url, { fetch: inOnePiece });

    for (const _ of calls) {
      const seen: string[] = [];
      await lastValueFrom(
        session
          .callTool$('work', { steps: 3 })
          .pipe(tap((event) => seen.push(event.kind === 'progress' ? String(event.progress) : event.kind))),
      );
      expect(seen).toEqual(expectedEvents);
    }
    expect(errors).toEqual([]);
  });

  it('is delivered completely to an SDK client over the session, also for concurrent calls', async () => {
    const server = await stage.server();
    const { session, errors } = await stage.connected(server.url, { fetch: inOnePiece });

    const { client } = await openGuest(session);
    const all = await Promise.all(
      calls.map(async () => {
        const seen: string[] = [];
        const onprogress = ({ progress }: { progress: number }): void => void seen.push(String(progress));
        await client.callTool({ name: 'work', arguments: { steps: 3 } }, undefined, { onprogress });
        return [...seen, 'result'];
      }),
    );

    expect(all).toEqual(calls.map(() => expectedEvents));
    expect(errors).toEqual([]);
  });
});
