import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { setImmediate } from 'node:timers/promises';
import { firstValueFrom, take, toArray } from 'rxjs';
import { connectPlainClient, type PlainClient } from './plainClient';
import { runs } from './runs';
import { stdioFaultServerCommand, type StdioFlags } from './stdio/stdioFaultServerCommand';

async function gone(pid: number): Promise<void> {
  while (runs(pid)) await setImmediate();
}

describe('the stdio fault server', () => {
  let transport: StdioClientTransport;
  let plain: PlainClient;
  const messages: JSONRPCMessage[] = [];

  const start = async (flags?: Partial<StdioFlags>): Promise<void> => {
    messages.length = 0;
    transport = new StdioClientTransport({ ...stdioFaultServerCommand(flags), stderr: 'ignore' });
    transport.onmessage = (message: JSONRPCMessage) => void messages.push(message);
    plain = await connectPlainClient(transport);
  };

  afterEach(() => transport.close());

  it('works like any other server', async () => {
    await start();
    const onprogress = (): void => {};

    await plain.client.callTool({ name: 'work', arguments: { steps: 2, delayMs: 1 } }, undefined, { onprogress });

    // Checked on the wire, because the plain client may lose progress that arrives together with the result.
    const reports = messages.flatMap((message) => ('method' in message ? [message] : [])).map(({ params }) => params);
    expect(reports).toMatchObject([{ progress: 1 }, { progress: 2 }]);
    expect(await plain.client.callTool({ name: 'echo', arguments: { a: 1 } })).toMatchObject({
      content: [{ text: '{"a":1}' }],
    });
    expect((await plain.client.listTools()).tools.length).toBeGreaterThan(5);
  });

  it('exits when its client closes', async () => {
    await start();
    const pid = transport.pid!;

    await plain.client.close();

    await gone(pid);
  });

  it('writes progress and result in one write, of which the SDK client loses the progress', async () => {
    await start();
    const progress: number[] = [];

    await plain.client.callTool({ name: 'burst_progress' }, undefined, {
      onprogress: (report) => void progress.push(report.progress),
    });

    const written = messages.slice(-4).map((message) => ('method' in message ? message.method : 'response'));
    expect(written).toEqual([...Array<string>(3).fill('notifications/progress'), 'response']);
    expect(progress).toEqual([]);
  });

  it('sends notifications before the response to initialize, and after initialized', async () => {
    await start({ early: true, onInitialized: true });

    expect(await plain.receive(2)).toEqual([{ method: 'custom/early' }, { method: 'custom/initialized' }]);
    expect(messages[0]).toMatchObject({ method: 'custom/early' });
  });

  it('sends any number of notifications', async () => {
    await start();

    await plain.client.callTool({ name: 'emit', arguments: { times: 1000 } });

    const ticks = await plain.receive(1000);
    expect(ticks.map(({ params }) => params?.n)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  });

  it('writes garbage and continues', async () => {
    await start();

    await plain.client.callTool({ name: 'garbage' });

    const received = (await plain.receive(2)).map(({ method }) => method);
    expect(received.at(-1)).toBe('custom/after-garbage');
    expect(await firstValueFrom(plain.errors$.pipe(take(5), toArray()))).toHaveLength(5);
  });

  it('crashes during a call', async () => {
    await start();
    const pid = transport.pid!;

    await expect(plain.client.callTool({ name: 'crash' })).rejects.toMatchObject({ code: -32000 });

    await gone(pid);
  });

  it('exits gracefully after its response', async () => {
    await start();

    expect(await plain.client.callTool({ name: 'exit_clean' })).toMatchObject({ content: [{ text: 'leaving' }] });

    await firstValueFrom(plain.closed$);
  });

  it('leaves a child process that holds stdout, until whose end the SDK client does not notice the exit', async () => {
    await start();
    const pid = transport.pid!;
    let noticed = false;
    plain.closed$.subscribe(() => (noticed = true));

    const { structuredContent } = await plain.client.callTool({ name: 'orphan' });
    const { pid: orphan } = structuredContent as { pid: number };
    await gone(pid);

    expect([runs(orphan), noticed]).toEqual([true, false]);
    process.kill(orphan, 'SIGKILL');
    await firstValueFrom(plain.closed$);
  });

  it('ignores SIGTERM', async () => {
    await start({ ignoreSigterm: true });
    const pid = transport.pid!;

    process.kill(pid, 'SIGTERM');
    await plain.client.ping();

    expect(runs(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
    await firstValueFrom(plain.closed$);
  });

  it('exits before its response', async () => {
    await expect(start({ dieAtOnce: true })).rejects.toMatchObject({ code: -32000 });
  });
});
