import { MCPClient, type MCPSession, ofMethod } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { startExampleServer } from '../rig/startExampleServer';
import { useExampleSession } from '../rig/useExampleSession';
import { useFaultSession } from '../rig/useFaultSession';
import { record } from '../rig/record';
import type { FaultServer } from '../rig/startFaultServer';
import { runRecipe } from './runRecipe';

describe('recipes', () => {
  let session: MCPSession;

  useExampleSession((opened) => ({ session } = opened));

  it('show the mean progress of several calls', async () => {
    const { printed$ } = await runRecipe('A progress bar for several calls', { session });

    const bar = record(printed$).values.map((text) => Number(text.replace('%', '')));
    expect(bar[0]).toBe(0);
    expect(bar.at(-1)).toBe(100);
    expect(bar).toEqual([...bar].sort((a, b) => a - b));
    expect(new Set(bar).size).toBeGreaterThan(5);
  });

  it('keep the tools current', async () => {
    const { named } = await runRecipe('A cache of tools for an agent', { session });
    const prompt = named.prompt as () => string;
    await firstValueFrom(session.tools$);
    expect(prompt()).toContain('echo: Returns the text');
    expect(prompt()).not.toContain('tides');

    const changed = lastValueFrom(session.tools$.pipe(take(2)));
    await session.callTool('toggle_tool', { name: 'tides' });
    await changed;

    expect(prompt()).toContain('tides: Added at run time');
  });

  it('follow a log', async () => {
    const { printed$ } = await runRecipe('Follow a log at warning and above', { session });

    for (const level of ['info', 'warning', 'error']) await session.callTool('log', { level, message: `a ${level}` });

    expect(await firstValueFrom(printed$.pipe(take(2), toArray()))).toEqual(['warning: a warning', 'error: a error']);
  });

  it('raise the alarm only when the heartbeat stops', async () => {
    const { scheduler, advance } = virtualTime();
    const beats = record(session.notifications$.pipe(ofMethod('custom/heartbeat')));
    const { printed$ } = await runRecipe('An alarm when the heartbeat stops', { session, scheduler });
    const printed = record(printed$);

    for (let n = 1; n <= 3; n++) {
      await beats.nth(beats.values.length + 1);
      await advance(4_999);
    }
    expect(printed.values).toEqual([]);
    await advance(5_000);

    expect(printed.values).toEqual(['no heartbeat for five seconds']);
    await session.disconnect();
    await advance(60_000);
    expect(printed.values).toHaveLength(1);
  });

  it('follow the folders of an editor', async () => {
    let changed: () => void = () => {};
    const editor = {
      folders: [{ path: '/home/me/one', name: 'one' }],
      onFoldersChanged: (listener: () => void) => {
        changed = listener;
        return { dispose: () => {} };
      },
    };
    await runRecipe('Roots from the folders of an editor', { session, editor });
    expect(session.getRoots()).toEqual([{ uri: 'file:///home/me/one', name: 'one' }]);
    const read = firstValueFrom(
      session.notifications$.pipe(
        ofMethod('custom/roots-read'),
        filter(({ params }) => JSON.stringify(params).includes('two')),
      ),
    );

    editor.folders = [{ path: '/home/me/two', name: 'two' }];
    changed();

    expect((await read).params).toEqual({ roots: [{ uri: 'file:///home/me/two', name: 'two' }] });
  });

  it('batch updates', async () => {
    const { printed$ } = await runRecipe('Batch updates to a user interface', { session });

    await session.callTool('burst', { count: 500 });

    const printed = await firstValueFrom(
      printed$.pipe(
        take(250),
        filter((text) => text === '500 ticks'),
      ),
    );
    expect(printed).toBe('500 ticks');
  });

  it('end everything', async () => {
    const { printed$ } = await runRecipe('End everything with one AbortSignal', { session });

    expect((await firstValueFrom(printed$.pipe(take(2), toArray()))).sort()).toEqual([
      'SessionClosedError: session: closed by disconnect()',
      'no more notifications',
    ]);
    expect(await lastValueFrom(session.status$)).toEqual({ state: 'closed' });
  });
});

describe('recipes, with a counting server', () => {
  let server: FaultServer;
  let session: MCPSession;

  useFaultSession((opened) => ({ server, session } = opened), { resources: ['memo://counter'] });

  it('retry a call up to the limit', async () => {
    await server.answerPost(503, { times: 3, method: 'tools/call' });

    const { printed$ } = await runRecipe('Retry a call that is safe to repeat', { session });

    expect(record(printed$).values).toHaveLength(1);
    expect((await server.counts()).messages['tools/call']).toBe(4);
  });

  it('take the first of several servers and cancel the others', async () => {
    const other = await startExampleServer();
    const client = new MCPClient({ mcpServers: { never: { url: server.url }, at_once: { url: other.url } } });
    await client.createAllSessions();
    const { named } = await runRecipe('The first of several servers', {});
    const fastest = named.fastest as (client: MCPClient, tool: string, args: object) => Promise<unknown>;
    await server.hold('echo');

    expect(await fastest(client, 'echo', { text: 'me' })).toMatchObject({
      kind: 'result',
      result: { content: [{ text: 'me' }] },
    });

    // Whether or not the other call had started, it leaves nothing on the server. Its cancellation may arrive without it.
    await server.until(({ messages, cancelled }) => (messages['tools/call'] ?? 0) <= cancelled.length);
    await client.closeAllSessions();
    await other.stop();
  });

  it('pause while the page is hidden', async () => {
    const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    const { printed$ } = await runRecipe('Pause while the page is hidden', { session, document });
    const printed = record(printed$);
    const show = (visibilityState: string): void => {
      Object.assign(document, { visibilityState }).dispatchEvent(new Event('visibilitychange'));
    };
    await printed.nth(1);

    show('hidden');
    await server.waitFor({ type: 'unsubscribed', uri: 'memo://counter' });
    await server.setResource('memo://counter', 'unsubscribed');
    show('visible');

    await printed.nth(2);
    expect((await server.counts()).messages).toMatchObject({ 'resources/read': 2, 'resources/subscribe': 2 });
  });
});
