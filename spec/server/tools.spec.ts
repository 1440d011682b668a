import { concat, defer, finalize, interval, map, NEVER, of, take } from 'rxjs';
import { log, MCPServer, notification, progress, ServerError, tool } from 'rx-mcp/server';
import { z } from 'zod';
import { serve, until, type Served } from './rig/serve';

describe('a tool served over HTTP', () => {
  let served: Served;
  let unsubscribed = 0;

  const server = () =>
    new MCPServer(
      { name: 'spec', version: '1.0.0' },
      {
        tools: [
          tool('add', { input: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => String(a + b)),
          tool('steps', { description: 'Counts' }, () =>
            concat(
              of(log('info', 'begin'), notification('custom/step', { n: 1 })),
              interval(1).pipe(
                take(3),
                map((n) => progress(n + 1, 3, `step ${n + 1}`)),
              ),
              of('done'),
            ),
          ),
          tool('object', { output: z.object({ n: z.number() }) }, async () => ({ n: 1 })),
          tool('misfit', { output: z.object({ n: z.number() }) }, async () => ({ n: 'x' as never })),
          tool('fails', {}, () => {
            throw new Error('no luck');
          }),
          tool('refuses', {}, () => {
            throw new ServerError('not you', { code: -32050, data: { why: 'x' } });
          }),
          tool('generator', {}, async function* () {
            yield progress(1);
            yield 'from a generator';
          }),
          tool('endless', {}, () => defer(() => concat(of(progress(1)), NEVER).pipe(finalize(() => unsubscribed++)))),
          tool('slow', { timeout: 20 }, () => NEVER),
          tool(
            'json',
            { input: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } },
            ({ n }) => `n is ${String(n)}`,
          ),
        ],
      },
    );

  beforeEach(async () => {
    unsubscribed = 0;
    served = await serve(server());
  });
  afterEach(() => served.close());

  it('is listed with its schema, and responds to a call', async () => {
    const { client } = await served.connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('add');
    expect(tools.find(({ name }) => name === 'add')?.inputSchema).toMatchObject({
      type: 'object',
      required: ['a', 'b'],
    });
    expect(await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } })).toMatchObject({
      content: [{ type: 'text', text: '3' }],
    });
  });

  it('sends logs, notifications and progress in order, before the result', async () => {
    const { client, notifications } = await served.connect();
    const seen: unknown[] = [];
    const result = await client.callTool({ name: 'steps' }, undefined, { onprogress: (p) => seen.push(p.progress) });
    expect(seen).toEqual([1, 2, 3]);
    expect(notifications.map(({ method }) => method)).toEqual(['notifications/message', 'custom/step']);
    expect(result).toMatchObject({ content: [{ text: 'done' }] });
  });

  it('sends an object as structured content, and as text', async () => {
    const { client } = await served.connect();
    expect(await client.callTool({ name: 'object' })).toMatchObject({
      structuredContent: { n: 1 },
      content: [{ text: '{"n":1}' }],
    });
  });

  it('responds with isError when the tool throws, when its arguments or output are invalid, and after its timeout', async () => {
    const { client } = await served.connect();
    expect(await client.callTool({ name: 'fails' })).toMatchObject({ isError: true, content: [{ text: 'no luck' }] });
    expect(await client.callTool({ name: 'misfit' })).toMatchObject({ isError: true });
    expect(await client.callTool({ name: 'add', arguments: { a: 'x' } })).toMatchObject({ isError: true });
    expect(await client.callTool({ name: 'json', arguments: {} })).toMatchObject({ isError: true });
    expect(await client.callTool({ name: 'json', arguments: { n: 2 } })).toMatchObject({
      content: [{ text: 'n is 2' }],
    });
    expect(await client.callTool({ name: 'slow' })).toMatchObject({
      isError: true,
      content: [{ text: 'tools/call: timed out after 20 ms' }],
    });
  });

  it('responds with a JSON-RPC error for a ServerError and for an unknown tool', async () => {
    const { client } = await served.connect();
    await expect(client.callTool({ name: 'refuses' })).rejects.toMatchObject({ code: -32050, data: { why: 'x' } });
    await expect(client.callTool({ name: 'nothing' })).rejects.toMatchObject({ code: -32602 });
  });

  it('runs async generators', async () => {
    const { client } = await served.connect();
    expect(await client.callTool({ name: 'generator' })).toMatchObject({ content: [{ text: 'from a generator' }] });
  });

  it('is unsubscribed from when the client cancels', async () => {
    const { client } = await served.connect();
    const abort = new AbortController();
    const call = client.callTool({ name: 'endless' }, undefined, {
      signal: abort.signal,
      onprogress: () => abort.abort(),
    });
    await expect(call).rejects.toThrow();
    await until(() => unsubscribed === 1, 'unsubscribe');
  });
});
