import { firstValueFrom, map, Observable, toArray } from 'rxjs';
import { HttpConnector, logMessage, MCPSession, progressOf, ServerError } from 'rx-mcp';
import { clientOf, modern } from 'rx-mcp/modern';
import type { ModernHttpServer } from '../../rig/modernServer/serveModernHttp';
import type { RecordingFetch } from './recordingFetch';
import { useModernSession } from './useModernSession';

const logLevel = 'io.modelcontextprotocol/logLevel';

let server: ModernHttpServer;
let wire: RecordingFetch;
let session: MCPSession;
let errors: Error[];

useModernSession((opened) => ({ server, wire, session, errors } = opened));

const textOf = ({ content }: { content: unknown[] }): unknown => {
  const [first] = content as { text?: string }[];
  return JSON.parse(first?.text ?? 'null');
};

describe('a session of protocol 2026-07-28', () => {
  it('delivers all progress of a call, in order, before its result', async () => {
    await session.connect();
    const steps = await firstValueFrom(
      session.callTool$('long_task', { steps: 500, delayMs: 0 }).pipe(
        map((event) => (event.kind === 'progress' ? event.progress : event.kind)),
        toArray(),
      ),
    );
    expect(steps).toEqual([...Array.from({ length: 500 }, (_, index) => index + 1), 'result']);
  });

  it("reports progress with the caller's token", async () => {
    await session.connect();
    const seen: number[] = [];
    session.notifications$.pipe(progressOf('mine')).subscribe(({ progress }) => seen.push(progress));
    await session.callTool('long_task', { steps: 3, delayMs: 0 }, { progressToken: 'mine' });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('requests the log level of the subscribers with each request', async () => {
    await session.connect();
    const logged: unknown[] = [];
    await session.callTool('log', { level: 'error', message: 'not requested' });
    const subscription = session.notifications$
      .pipe(logMessage('info'))
      .subscribe(({ params }) => logged.push(params.data));
    await session.callTool('log', { level: 'debug', message: 'too low' });
    await session.callTool('log', { level: 'info', message: 'received' });
    subscription.unsubscribe();
    await session.callTool('log', { level: 'error', message: 'not requested' });
    expect(logged).toEqual(['received']);
    const levels = wire.sent
      .filter(({ method }) => method === 'tools/call')
      .map(({ params }) => params?._meta?.[logLevel]);
    expect(levels).toEqual([undefined, 'info', 'info', undefined]);
  });

  it('requests the level of setLoggingLevel, if set, instead', async () => {
    await session.connect();
    await session.setLoggingLevel('error');
    const logged: unknown[] = [];
    session.notifications$.pipe(logMessage()).subscribe(({ params }) => logged.push(params.data));
    await session.callTool('log', { level: 'info', message: 'too low' });
    await session.callTool('log', { level: 'error', message: 'received' });
    expect(logged).toEqual(['received']);
    expect(wire.sent.map(({ method }) => method)).not.toContain('logging/setLevel');
  });

  it('answers requests within a response', async () => {
    session.handle('sampling/createMessage', async () => ({
      role: 'assistant',
      model: 'none',
      content: { type: 'text', text: 'something' },
    }));
    session.handle('elicitation/create', async () => ({ action: 'accept', content: { name: 'somebody' } }));
    session.roots$.next([{ uri: 'file:///before' }]);
    await session.connect();
    expect(textOf(await session.callTool('ask_roots'))).toEqual({ roots: [{ uri: 'file:///before' }] });
    expect(textOf(await session.callTool('ask_sampling'))).toMatchObject({ content: { text: 'something' } });
    expect(textOf(await session.callTool('ask_elicitation'))).toMatchObject({ content: { name: 'somebody' } });
  });

  it('unsubscribes from a handler when its call is cancelled', async () => {
    let ended = 0;
    const requested = new Promise<void>((resolve) => {
      session.handle(
        'elicitation/create',
        () =>
          new Observable(() => {
            resolve();
            return () => ended++;
          }),
      );
    });
    await session.connect();
    const calling = session.callTool$('ask_elicitation').subscribe();
    await requested;
    calling.unsubscribe();
    await session.ping();
    expect(ended).toBe(1);
    expect(errors).toEqual([]);
  });

  it('emits requests without a handler on requests$', async () => {
    await session.disconnect();
    session = new MCPSession(new HttpConnector(server.url, { engine: modern() }), { capabilities: { sampling: {} } });
    session.requests$.subscribe(({ request, respond }) =>
      respond({ role: 'assistant', model: 'none', content: { type: 'text', text: request.method } }),
    );
    await session.connect();
    expect(textOf(await session.callTool('ask_sampling'))).toMatchObject({
      content: { text: 'sampling/createMessage' },
    });
  });

  it('keeps roots that cannot be announced, and reports once', async () => {
    await session.connect();
    await session.setRoots([{ uri: 'file:///one' }]);
    await session.setRoots([{ uri: 'file:///two' }]);
    expect(textOf(await session.callTool('ask_roots'))).toEqual({ roots: [{ uri: 'file:///two' }] });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(ServerError);
    expect(errors[0]).toMatchObject({ code: -32601, message: expect.stringContaining('roots') as string });
  });

  it('sends server/discover as a ping', async () => {
    await session.connect();
    await session.ping();
    expect(wire.sent.map(({ method }) => method)).toEqual(['server/discover', 'server/discover']);
  });

  it('rejects methods that this version does not define with a typed error', async () => {
    await session.connect();
    await expect(session.request('initialize')).rejects.toMatchObject({ name: 'ServerError', code: -32601 });
    await expect(session.callTool('no_such_tool')).rejects.toMatchObject({ name: 'ServerError', code: -32602 });
  });

  it('cancels a call by closing its stream only', async () => {
    await session.connect();
    const call = wire.sent.length;
    await new Promise<void>((resolve) => {
      const calling = session.callTool$('long_task', { steps: 1_000, delayMs: 5 }).subscribe(() => {
        calling.unsubscribe();
        resolve();
      });
    });
    await session.callTool('echo', { text: 'after' });
    expect(wire.sent[call]?.signal?.aborted).toBe(true);
    expect(wire.sent.slice(call).map(({ method }) => method)).toEqual(['tools/call', 'tools/call']);
    expect(errors).toEqual([]);
  });

  it('returns its SDK client', async () => {
    await session.connect();
    const connection = await firstValueFrom(session.connections$);
    await expect(clientOf(connection)?.listPrompts()).resolves.toMatchObject({ prompts: [{ name: 'greet' }] });
  });
});
