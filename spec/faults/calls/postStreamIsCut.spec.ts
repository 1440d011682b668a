import { ConnectionLostError } from 'rx-mcp';
import { firstValueFrom, lastValueFrom, materialize, tap, toArray } from 'rxjs';
import { useStage } from '../../rig/useStage';
import { openGuest } from '../../client/guest/openGuest';

const stage = useStage();

describe('a call whose response stream is cut, without an event store', () => {
  it.each(['cutPost', 'endPost'] as const)('fails immediately, without other effects (%s)', async (cut) => {
    const server = await stage.server();
    const { session, errors, statuses } = await stage.connected(server.url);

    const call = session.callTool('gate');
    await server.waitFor({ type: 'tool-started', name: 'gate' });
    await server.waitFor({ type: 'stream-open', method: 'POST' }, { nth: 2 });
    await server[cut]();

    await expect(call).rejects.toBeInstanceOf(ConnectionLostError);
    await expect(call).rejects.toMatchObject({
      message: expect.stringMatching(
        /^tools\/call "gate": the response stream ended before the response arrived \(event stream: .+\)$/,
      ),
      retryable: true,
    });
    expect(await session.callTool('echo', { a: 1 })).toMatchObject({ content: [{ text: '{"a":1}' }] });
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: true });
    expect(errors).toEqual([]);
  });

  it('emits progress before that', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);

    const events = await firstValueFrom(session.callTool$('cut_after_progress').pipe(materialize(), toArray()));

    expect(events).toMatchObject([
      { kind: 'N', value: { kind: 'progress', progress: 1, total: 2 } },
      { kind: 'E', error: { name: 'ConnectionLostError' } },
    ]);
  });

  it('does not affect other calls', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);
    const gate = session.callTool('gate');
    await server.waitFor({ type: 'tool-started', name: 'gate' });

    await expect(session.callTool('cut_after_progress')).rejects.toBeInstanceOf(ConnectionLostError);
    await server.release();

    expect(await gate).toMatchObject({ content: [{ text: 'released' }] });
  });

  it('fails for an SDK client over the session', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);

    const { client } = await openGuest(session);
    await expect(client.callTool({ name: 'cut_after_progress' })).rejects.toMatchObject({
      message: expect.stringContaining('the response stream ended before the response arrived'),
    });
  });
});

describe('a call whose response stream is cut, with an event store', () => {
  it('is resumed with complete progress and one result', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const { session, errors, gaps } = await stage.connected(server.url);
    const seen: unknown[] = [];

    await lastValueFrom(
      session.callTool$('work', { steps: 40, delayMs: 10 }).pipe(
        tap((event) => {
          seen.push(event.kind === 'progress' ? event.progress : event.kind);
          if (seen.length % 10 === 0) void server.cutPost();
        }),
      ),
    );

    expect(seen).toEqual([...Array.from({ length: 40 }, (_, index) => index + 1), 'result']);
    expect((await server.counts()).requests['GET']).toBeGreaterThan(1);
    expect({ errors, gaps }).toEqual({ errors: [], gaps: [] });
  });

  it('receives its result after the cut', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const { session } = await stage.connected(server.url);

    const events = await firstValueFrom(session.callTool$('cut_after_progress').pipe(toArray()));

    expect(events).toMatchObject([
      { kind: 'progress', progress: 1, total: 2 },
      { kind: 'result', result: { content: [{ text: 'answered after the cut' }] } },
    ]);
  });

  it('is resumed with progress for an SDK client over the session', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const { session } = await stage.connected(server.url);
    const seen: number[] = [];

    const { client } = await openGuest(session);
    const result = await client.callTool({ name: 'cut_after_progress' }, undefined, {
      onprogress: ({ progress }) => void seen.push(progress),
    });

    expect(seen).toEqual([1]);
    expect(result).toMatchObject({ content: [{ text: 'answered after the cut' }] });
  });

  it('fails when the server forgets the session', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const { session } = await stage.connected(server.url);
    const call = session.callTool('gate');
    await server.waitFor({ type: 'stream-open', method: 'POST' }, { nth: 2 });

    await server.restart();

    await expect(call).rejects.toBeInstanceOf(ConnectionLostError);
    await session.ping();
  });
});
