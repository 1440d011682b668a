import { CallToolResultSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { ofMethod } from 'rx-mcp';
import { firstValueFrom } from 'rxjs';
import { useStage } from '../faults/http/useStage';

const stage = useStage();
const text = (said: string) => ({ content: [{ type: 'text', text: said }] });

/** What the SDK's own client can do still works on `session.client`, past which most of what comes in is led. */
describe("on the SDK's own client of a session over HTTP", () => {
  it('progress starts a timeout over, when it is told so', async () => {
    const { session } = await stage.connected((await stage.server()).url);
    const call = { name: 'work', arguments: { steps: 8, delayMs: 250 } };
    const options = { timeout: 1_500, onprogress: () => undefined };

    await expect(session.client!.callTool(call, undefined, options)).rejects.toThrow('timed out');
    expect(await session.client!.callTool(call, undefined, { ...options, resetTimeoutOnProgress: true })).toMatchObject(
      text('8 steps'),
    );
  });

  it('an abort cancels on the server', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);
    const controller = new AbortController();
    const call = session.client!.callTool({ name: 'gate' }, undefined, { signal: controller.signal });
    const outcome = expect(call).rejects.toThrow('not wanted');
    await server.until(({ messages }) => messages['tools/call'] === 1);

    controller.abort('not wanted');

    await outcome;
    await server.until(({ messages }) => messages['notifications/cancelled'] === 1);
  });

  it('a handler is called for its method, and no more when it is taken away', async () => {
    const { session } = await stage.connected((await stage.server()).url);
    const handled: string[] = [];
    session.client!.setNotificationHandler(
      ToolListChangedNotificationSchema,
      ({ method }) => void handled.push(method),
    );
    const heard = (): Promise<unknown> =>
      firstValueFrom(session.notifications$.pipe(ofMethod('notifications/tools/list_changed')));

    const first = heard();
    await session.callTool('set_list', { kind: 'tools', names: ['one'] });
    await first;
    await session.ping();
    session.client!.removeNotificationHandler('notifications/tools/list_changed');
    const second = heard();
    await session.callTool('set_list', { kind: 'tools', names: ['two'] });
    await second;
    await session.ping();

    expect(handled).toEqual(['notifications/tools/list_changed']);
  });

  it('results are checked and returned as ever', async () => {
    const { session } = await stage.connected((await stage.server()).url);

    expect(await session.client!.listTools()).toMatchObject({ tools: expect.any(Array) });
    expect(await session.client!.callTool({ name: 'echo', arguments: { a: 'ä → 😀' } })).toMatchObject(
      text('{"a":"ä → 😀"}'),
    );
    expect(await session.client!.callTool({ name: 'fail' })).toMatchObject({ isError: true });
    await expect(session.client!.callTool({ name: 'error', arguments: { code: -32051 } })).rejects.toMatchObject({
      code: -32051,
    });
  });

  it('the place in an answer is told, and the rest of the answer can be asked for', async () => {
    const { session } = await stage.connected((await stage.server({ eventStore: 'correct' })).url);
    const request = { method: 'tools/call' as const, params: { name: 'work', arguments: { steps: 2 } } };
    const tokens: string[] = [];
    const onresumptiontoken = (token: string): void => void tokens.push(token);

    await session.client!.request(request, CallToolResultSchema, { onresumptiontoken, onprogress: () => undefined });
    const rest = await session.client!.request(request, CallToolResultSchema, { resumptionToken: tokens[0]! });

    expect(tokens.length).toBeGreaterThan(2);
    expect(rest).toMatchObject(text('2 steps'));
  });
});
