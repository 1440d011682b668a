import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import {
  BehaviorSubject,
  concat,
  defer,
  finalize,
  firstValueFrom,
  from,
  interval,
  map,
  NEVER,
  Observable,
  of,
} from 'rxjs';
import {
  type Backplane,
  memoryBackplane,
  MCPServer,
  progress,
  type ServerSession,
  tool,
  type ToolDefinition,
} from 'rx-mcp/server';
import { z } from 'zod';
import { serve, until, type Served } from '../rig/serve';
import { begin, readEvents } from './rig';

/** Creates a backplane with delays, like those of a database. */
function slowBackplane(ms: number): Backplane {
  const backplane = memoryBackplane();
  const later = () => new Promise((resolve) => setTimeout(resolve, ms));
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...backplane,
    append: (log, frame, id) => {
      const appended = last.then(later).then(() => backplane.append(log, frame, id));
      last = appended;
      return appended;
    },
    range: async (log, after, count) => {
      await later();
      return backplane.range(log, after, Math.min(count, 1));
    },
  };
}

const numbered = (events: { data: unknown }[]) =>
  events.map(({ data }) => (data as { params?: { n?: number } }).params?.n);

describe("MCPServer, without the faults of the SDK's servers", () => {
  let served: Served | undefined;
  afterEach(async () => {
    await served?.close();
    served = undefined;
  });
  const open = async (options: ConstructorParameters<typeof MCPServer>[1]) => {
    const server = new MCPServer({ name: 'spec', version: '1' }, options);
    served = await serve(server);
    return { server, served };
  };

  it('1: drops progress after the result', async () => {
    const late: (() => void)[] = [];
    const { served } = await open({
      tools: [
        tool('stray', {}, (_, ctx) => {
          late.push(
            () => ctx.progress(9),
            () => ctx.notify('custom/late'),
            () => ctx.log('info', 'late'),
          );
          return 'done';
        }),
      ],
    });
    const { client, notifications } = await served.connect();
    const seen: number[] = [];
    await client.callTool({ name: 'stray' }, undefined, { onprogress: ({ progress }) => seen.push(progress) });
    for (const send of late) send();
    await client.ping();
    expect(seen).toEqual([]);
    expect(notifications).toEqual([]);
  });

  it('2: delivers progress that is not awaited before the result, with a slow store', async () => {
    const { served } = await open({
      backplane: slowBackplane(10),
      tools: [
        tool('quick', {}, (_, ctx) => {
          for (let n = 1; n <= 5; n++) ctx.progress(n, 5);
          return 'done';
        }),
      ],
    });
    const { client } = await served.connect();
    const seen: number[] = [];
    await client.callTool({ name: 'quick' }, undefined, { onprogress: ({ progress }) => seen.push(progress) });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it('3: delivers notifications that were sent before the client listened', async () => {
    const { server, served } = await open({});
    const sessions: ServerSession[] = [];
    server.sessions$.subscribe((session) => sessions.push(session));
    const session = await begin(served);
    for (let n = 0; n < 5; n++) await sessions[0]!.notify('custom/own', { n });
    for (let n = 5; n < 10; n++) await server.notify('custom/all', { n });
    expect(numbered(await readEvents(await session.get(), 10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('4: sends one list_changed for 100 tools registered in one tick, and one across awaits', async () => {
    const tools$ = new BehaviorSubject<ToolDefinition[]>([]);
    const { served } = await open({ tools: tools$ });
    const { client, notifications } = await served.connect();
    const add = (name: string) => tools$.next([...tools$.value, tool(name, {}, () => name)]);
    for (let n = 0; n < 100; n++) add(`a${n}`);
    await until(() => notifications.length > 0, 'list_changed');
    for (let n = 0; n < 100; n++) {
      add(`b${n}`);
      await Promise.resolve();
    }
    await until(() => notifications.length > 1, 'list_changed');
    expect((await client.listTools()).tools).toHaveLength(200);
    expect(notifications).toHaveLength(2);
  });

  it('5: unsubscribes from cancelled calls, and ends their streams', async () => {
    let running = 0;
    const { served } = await open({
      tools: [
        tool('work', {}, () =>
          defer(() => {
            running++;
            return interval(1).pipe(
              map((n) => progress(n)),
              finalize(() => running--),
            );
          }),
        ),
      ],
    });
    const session = await begin(served);
    const responses = await Promise.all(
      [1, 2, 3, 4, 5].map((id) => session.post({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'work' } })),
    );
    await until(() => running === 5, 'the calls');
    for (const requestId of [1, 2, 3, 4, 5]) {
      await session.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
    }
    expect(running).toBe(0);
    for (const response of responses) expect(await readEvents(response)).toEqual([]);
  });

  it('6: does not deliver the events of a session to another session', async () => {
    const { server, served } = await open({ tools: [tool('secret', {}, () => 'secret')] });
    const sessions: ServerSession[] = [];
    server.sessions$.subscribe((session) => sessions.push(session));
    const one = await begin(served);
    const two = await begin(served);
    await sessions[1]!.notify('custom/secret', { n: 1 });
    const [event] = await readEvents(await two.get(), 1);
    const call = await readEvents(
      await two.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'secret' } }),
    );
    await sessions[0]!.notify('custom/mine', { n: 2 });
    expect((await one.get(call[0]!.id!.replace(/\d+$/, '0'))).status).toBe(400);
    const resumed = await one.get(event!.id!.replace(/^\d+/, '0'));
    expect(await readEvents(resumed, 1)).toMatchObject([{ data: { method: 'custom/mine' } }]);
  });

  it('7: loses no message that is sent while a stream is resumed, with a slow store', async () => {
    const { server, served } = await open({ backplane: slowBackplane(2) });
    const sessions: ServerSession[] = [];
    server.sessions$.subscribe((session) => sessions.push(session));
    const session = await begin(served);
    await sessions[0]!.notify('custom/n', { n: 0 });
    const [first] = await readEvents(await session.get(), 1);
    for (let n = 1; n < 30; n++) void sessions[0]!.notify('custom/n', { n });
    const resumed = readEvents(await session.get(first!.id), 59);
    for (let n = 30; n < 60; n++) await sessions[0]!.notify('custom/n', { n });
    expect(numbered(await resumed)).toEqual(Array.from({ length: 59 }, (_, n) => n + 1));
  });

  it('8: unsubscribes from the calls of a deleted session, and ends its streams', async () => {
    let running = 0;
    const { served } = await open({
      tools: [tool('work', {}, () => new Observable<string>(() => (running++, () => running--)))],
    });
    const session = await begin(served);
    const stream = await session.get();
    const response = await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'work' } });
    await until(() => running === 1, 'the call');
    expect((await session.delete()).status).toBe(200);
    expect(await readEvents(response)).toEqual([]);
    expect(await readEvents(stream)).toEqual([]);
    expect(running).toBe(0);
    expect((await session.get()).status).toBe(404);
  });

  it('9: ends the session of a client that has disconnected', async () => {
    const { server, served } = await open({ sessions: { idle: 40 } });
    const ended = firstValueFrom(server.sessions$).then((session) => firstValueFrom(session.ended$));
    const session = await begin(served);
    expect(await ended).toBe('idle');
    expect((await session.get()).status).toBe(404);
    expect(await firstValueFrom(server.status$)).toMatchObject({ sessions: 0 });
  });

  it('9: does not end a session with an open stream or a running call', async () => {
    const { server, served } = await open({ sessions: { idle: 2_000 }, tools: [tool('long', {}, () => NEVER)] });
    const ids: string[] = [];
    server.sessions$.subscribe(({ id, ended$ }) => ended$.subscribe(() => ids.push(id)));
    const one = await begin(served);
    const two = await begin(served);
    const stream = await one.get();
    const call = await two.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'long' } });
    const three = await begin(served);
    await until(() => ids.length === 1, 'an idle session');
    expect(ids).toEqual([three.id]);
    await stream.body!.cancel();
    await call.body!.cancel();
  });

  it('10: bounds the messages that a client does not read, and delivers the latest progress', async () => {
    const size = 200_000;
    const text = 'x'.repeat(1_000);
    let sent = 0;
    const { served } = await open({
      buffer: 100_000,
      tools: [
        tool('flood', {}, () =>
          concat(from({ length: size }).pipe(map((_, n) => ((sent = n + 1), progress(n + 1, size, text)))), of('done')),
        ),
      ],
    });
    const session = await begin(served);
    const before = process.memoryUsage();
    const params = { name: 'flood', _meta: { progressToken: 1 } };
    const response = await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    await until(() => sent === size, 'the flood');
    const after = process.memoryUsage();
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(50_000_000);
    const events = await readEvents(response);
    expect(events.length).toBeLessThan(2_000);
    expect(events.at(-1)).toMatchObject({ data: { id: 1, result: { content: [{ text: 'done' }] } } });
    expect(events.at(-2)).toMatchObject({ data: { params: { progress: size } } });
  });

  it('11: sends requests to the client on the stream of the call, without a GET', async () => {
    const { served } = await open({
      tools: [
        tool('ask', {}, (_, { elicit$ }) =>
          elicit$('name', { message: 'Who?', schema: z.object({ name: z.string() }) }).pipe(
            map(({ content }) => `Hello ${content!.name}`),
          ),
        ),
      ],
    });
    const { client } = await served.connect({
      capabilities: { elicitation: {} },
      fetch: (url, init) =>
        init?.method === 'GET' ? Promise.resolve(new Response(null, { status: 405 })) : fetch(url, init),
      prepare: (client) =>
        client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'you' } })),
    });
    expect(await client.callTool({ name: 'ask' })).toMatchObject({ content: [{ text: 'Hello you' }] });
  });
});
