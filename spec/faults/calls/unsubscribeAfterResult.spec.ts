import { lastValueFrom, take, tap } from 'rxjs';
import { useStage } from '../../rig/useStage';

const stage = useStage();

describe('unsubscribing from a call', () => {
  it('sends nothing after the result', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);
    const controller = new AbortController();

    const subscription = session.callTool$('echo', {}, { signal: controller.signal }).subscribe();
    await new Promise<void>((complete) => subscription.add(complete));
    subscription.unsubscribe();
    await session.callTool('echo', {}, { signal: controller.signal });
    controller.abort();
    await session.ping({ signal: new AbortController().signal });

    expect(await server.counts()).toMatchObject({ cancelled: [] });
  });

  it('sends nothing when the result is emitted', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);
    const controller = new AbortController();

    await lastValueFrom(session.callTool$('echo').pipe(take(1)));
    const abort = tap(() => controller.abort());
    await lastValueFrom(session.callTool$('echo', {}, { signal: controller.signal }).pipe(abort));
    await session.ping();

    expect(await server.counts()).toMatchObject({ cancelled: [] });
  });

  it('cancels once on the server before the result', async () => {
    const server = await stage.server();
    const { session, errors } = await stage.connected(server.url);

    const subscription = session.callTool$('gate').subscribe();
    const { id } = await server.waitFor({ type: 'tool-started', name: 'gate' });
    subscription.unsubscribe();
    await server.waitFor({ type: 'tool-cancelled', name: 'gate' });
    await session.ping();

    expect(await server.counts()).toMatchObject({ cancelled: [id] });
    expect(errors).toEqual([]);
  });

  it('cancels on the server when the signal aborts, and rejects with a typed error that has the reason', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);
    const controller = new AbortController();

    const call = session.callTool('gate', {}, { signal: controller.signal });
    const { id } = await server.waitFor({ type: 'tool-started', name: 'gate' });
    controller.abort('enough');

    await expect(call).rejects.toMatchObject({ name: 'RequestCancelledError', cause: 'enough', retryable: false });
    await server.waitFor({ type: 'tool-cancelled', name: 'gate' });
    expect(await server.counts()).toMatchObject({ cancelled: [id] });
  });

  it('sends nothing before the call is sent', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);

    const call = session.callTool('echo', {}, { signal: AbortSignal.abort('never mind') });

    await expect(call).rejects.toMatchObject({ name: 'RequestCancelledError', cause: 'never mind' });
    const { messages, cancelled } = await server.counts();
    expect([messages['tools/call'], cancelled]).toEqual([undefined, []]);
  });
});
