import { firstValueFrom } from 'rxjs';
import type { FaultServerOptions } from './fault/world';
import { connectOverHttp, type PlainClient } from './plainClient';
import { type FaultServer, startFaultServer } from './startFaultServer';

describe('the streams of the fault server', () => {
  let server: FaultServer;
  let plain: PlainClient;

  const start = async (options?: FaultServerOptions): Promise<void> => {
    server = await startFaultServer(options);
    plain = await connectOverHttp(server.url);
    await getOpen(1);
  };
  const getOpen = (nth: number) => server.waitFor({ type: 'stream-open', method: 'GET' }, { nth });
  const methods = async (count: number): Promise<string[]> => (await plain.receive(count)).map(({ method }) => method);

  afterEach(async () => {
    await plain.client.close();
    await server.stop();
  });

  it('end gracefully, and a client opens another', async () => {
    await start();

    expect(await server.endGet()).toBe(1);
    await getOpen(2);
    await server.notify('custom/after');

    expect(await methods(1)).toEqual(['custom/after']);
  });

  it("are reset, which errors the client's stream", async () => {
    await start();

    expect(await server.resetGet()).toBe(1);

    expect((await firstValueFrom(plain.errors$)).message).toContain('disconnected');
    await getOpen(2);
    expect(await server.counts()).toMatchObject({ getStreams: 1, answers: { 'GET 200': 2 } });
  });

  const one = 'custom/before';
  const two = 'custom/during';
  const three = 'custom/after';
  const marker = 'custom/raw';
  it.each<[FaultServerOptions['eventStore'], string[]]>([
    ['none', [one, three, marker]],
    ['correct', [one, two, three, marker]],
    ['inclusive', [one, one, two, three, marker]],
    // The SDK delivers nothing after this.
    ['example', [one, marker]],
  ])('deliver, resumed with the event store "%s", %j', async (eventStore, delivered) => {
    await start({ eventStore });
    await server.notify(one);
    await plain.receive(1);

    await Promise.all([server.resetGet(), server.notify(two)]);
    await getOpen(2);
    await server.notify(three);
    await server.raw(`data: {"jsonrpc":"2.0","method":"${marker}"}\n\n`);

    expect(await methods(delivered.length)).toEqual(delivered);
    const { lastEventId } = await server.waitFor({ type: 'request', method: 'GET' }, { nth: 2 });
    expect(typeof lastEventId).toBe(eventStore === 'none' ? 'undefined' : 'string');
  });

  it('carry keep-alive comments and a retry hint', async () => {
    server = await startFaultServer({ get: 405, keepAlive: 10, retryHint: 1234 });
    plain = await connectOverHttp(server.url);
    const { sessionId } = await server.waitFor({ type: 'session-open' });
    await server.refuseGet(null);

    const headers = { accept: 'text/event-stream', 'mcp-session-id': sessionId };
    const text = await readUntil(await fetch(server.url, { headers }), 'retry: 1234\n\n', ': keepalive\n\n');

    expect(text.indexOf('retry')).toBe(0);
  });

  it('carry raw text, in pieces of any size', async () => {
    await start();
    const event = (json: string): string => `data: ${json}\n\n`;

    await server.raw(event('{"jsonrpc":"2.0","met'));
    await server.raw(`: a comment\n\n${event('[{"jsonrpc":"2.0","method":"custom/batched"}]')}`);
    await server.raw(event('{"jsonrpc":"2.0","method":"custom/ünï→","params":{"text":"häß"}}'), { bytesPerWrite: 1 });

    expect(await plain.receive(1)).toEqual([{ method: 'custom/ünï→', params: { text: 'häß' } }]);
    await firstValueFrom(plain.errors$);
  });

  it('are cut on a POST after progress, before the response', async () => {
    await start();
    const progress: number[] = [];
    const onprogress = (report: { progress: number }): void => void progress.push(report.progress);

    const call = plain.client.callTool({ name: 'cut_after_progress' }, undefined, { onprogress, timeout: 1_500 });

    await expect(call).rejects.toMatchObject({ code: -32001 });
    expect(progress).toEqual([1]);
    expect((await firstValueFrom(plain.errors$)).message).toContain('disconnected');
    expect(await server.counts()).toMatchObject({ postStreams: 0, getStreams: 1 });
  });

  it('are resumed on a POST with a correct event store', async () => {
    await start({ eventStore: 'correct' });
    const progress: number[] = [];
    const onprogress = (report: { progress: number }): void => void progress.push(report.progress);

    const result = await plain.client.callTool({ name: 'cut_after_progress' }, undefined, { onprogress });

    expect(result).toMatchObject({ content: [{ text: 'answered after the cut' }] });
    expect(progress).toEqual([1]);
  });

  it('are cut or ended on POSTs whose calls wait', async () => {
    await start();
    for (const stop of ['cutPost', 'endPost'] as const) {
      const giveUp = new AbortController();
      const call = plain.client.callTool({ name: 'gate' }, undefined, { signal: giveUp.signal });
      const failing = expect(call).rejects.toThrow();
      await server.until(({ postStreams }) => postStreams === 1);

      expect(await server[stop]()).toBe(1);

      expect(await server.until(({ postStreams }) => postStreams === 0)).toMatchObject({ getStreams: 1 });
      giveUp.abort();
      await failing;
    }
  });

  it('reject a second GET of a session', async () => {
    await start();
    const { sessionId } = await server.waitFor({ type: 'session-open' });

    const second = await fetch(server.url, { headers: { accept: 'text/event-stream', 'mcp-session-id': sessionId } });
    await second.text();

    expect(second.status).toBe(409);
  });
});

/** Reads an event stream until its text has all of the given pieces, then cancels the stream. */
async function readUntil(response: Response, ...pieces: string[]): Promise<string> {
  let text = '';
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (pieces.every((piece) => text.includes(piece))) return text;
  }
  throw new Error(`reading the stream: it ended after ${text}`);
}
