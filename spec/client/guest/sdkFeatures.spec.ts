import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { ofMethod } from 'rx-mcp';
import { firstValueFrom } from 'rxjs';
import { useStage } from '../../rig/useStage';
import { openGuest } from './openGuest';

const stage = useStage();
const text = (content: string) => ({ content: [{ type: 'text', text: content }] });

describe('the SDK client over a transport of a session', () => {
  it('restarts a timeout on progress when resetTimeoutOnProgress is set', async () => {
    const { session } = await stage.connected((await stage.server()).url);
    const { client } = await openGuest(session);
    const call = { name: 'work', arguments: { steps: 8, delayMs: 250 } };
    const options = { timeout: 1_500, onprogress: () => undefined };

    await expect(client.callTool(call, undefined, options)).rejects.toThrow('timed out');
    expect(await client.callTool(call, undefined, { ...options, resetTimeoutOnProgress: true })).toMatchObject(
      text('8 steps'),
    );
  });

  it('cancels on the server when its signal aborts', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);
    const { client } = await openGuest(session);
    const controller = new AbortController();
    const call = client.callTool({ name: 'gate' }, undefined, { signal: controller.signal });
    const outcome = expect(call).rejects.toThrow('not wanted');
    await server.until(({ messages }) => messages['tools/call'] === 1);

    controller.abort('not wanted');

    await outcome;
    await server.until(({ messages }) => messages['notifications/cancelled'] === 1);
  });

  it('calls a notification handler until it is removed', async () => {
    const { session } = await stage.connected((await stage.server()).url);
    const { client } = await openGuest(session);
    const handled: string[] = [];
    client.setNotificationHandler(ToolListChangedNotificationSchema, ({ method }) => void handled.push(method));
    const received = (): Promise<unknown> =>
      firstValueFrom(session.notifications$.pipe(ofMethod('notifications/tools/list_changed')));

    const first = received();
    await session.callTool('set_list', { kind: 'tools', names: ['one'] });
    await first;
    await session.ping();
    client.removeNotificationHandler('notifications/tools/list_changed');
    const second = received();
    await session.callTool('set_list', { kind: 'tools', names: ['two'] });
    await second;
    await session.ping();

    expect(handled).toEqual(['notifications/tools/list_changed']);
  });

  it('returns results and rejects with errors as over its own transport', async () => {
    const { session } = await stage.connected((await stage.server()).url);
    const { client } = await openGuest(session);

    expect(await client.listTools()).toMatchObject({ tools: expect.any(Array) });
    expect(await client.callTool({ name: 'echo', arguments: { a: 'ä → 😀' } })).toMatchObject(text('{"a":"ä → 😀"}'));
    expect(await client.callTool({ name: 'fail' })).toMatchObject({ isError: true });
    await expect(client.callTool({ name: 'error', arguments: { code: -32051 } })).rejects.toMatchObject({
      code: -32051,
    });
  });
});
