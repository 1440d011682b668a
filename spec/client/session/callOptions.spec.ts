import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { type CallOptions, type CallToolResult, InvalidResultError, type Progress } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { firstValueFrom, lastValueFrom, ReplaySubject, toArray } from 'rxjs';
import { z } from 'zod';
import { idle } from '../../rig/idle';
import { record, type Recording } from '../../rig/record';
import { createMemoryServer, type MemoryServer } from '../../rig/createMemoryServer';
import { MCPSession, type SessionOptions } from 'rx-mcp';

const capabilities = { tools: {}, resources: { subscribe: true }, logging: {} };

let memory: MemoryServer;
let session: MCPSession;

/** Connects to an in-memory server whose tools respond with this result, after progress 1 and 2. */
async function connect(result: CallToolResult, options?: SessionOptions): Promise<void> {
  memory = createMemoryServer({
    capabilities,
    prepare: (server) => {
      server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [] }));
      server.setRequestHandler(CallToolRequestSchema, async (_, { _meta, sendNotification }) => {
        const { progressToken } = _meta ?? {};
        for (const progress of progressToken === undefined ? [] : [1, 2]) {
          const params = { progressToken: progressToken!, progress, total: 2 };
          await sendNotification({ method: 'notifications/progress', params });
        }
        return result;
      });
    },
  });
  session = new MCPSession(memory.connector(), options);
  await session.connect();
}

/** The `_meta` of each request of a method, as the server received it. */
const metaOf = (method: string): unknown[] =>
  memory.received.flatMap((message) =>
    'method' in message && message.method === method ? [message.params?._meta] : [],
  );

afterEach(() => session.disconnect());

describe('the meta of a call', () => {
  it('is merged into _meta, and overrides the meta of the session', async () => {
    await connect({ content: [] }, { meta: ({ method }) => ({ traceparent: method, ours: 1 }) });

    await session.callTool('x', {}, { meta: { traceparent: 'mine' }, progressToken: 'p' });
    await session.listTools({ meta: { traceparent: 'list' } });
    await session.ping();

    expect(metaOf('tools/call')).toEqual([{ traceparent: 'mine', ours: 1, progressToken: 'p' }]);
    expect(metaOf('tools/list')).toEqual([{ traceparent: 'list', ours: 1 }]);
    expect(metaOf('ping')).toEqual([{ traceparent: 'ping', ours: 1 }]);
  });

  it('is sent with every request, but not with notifications, if the session has it', async () => {
    await connect({ content: [] }, { meta: () => ({ traceparent: 'all' }) });

    const resource = record(session.resource$('file:///a'));
    await resource.ended.catch(() => undefined);
    await session.setLoggingLevel('info').catch(() => undefined);
    await session.notify('custom/x', { a: 1 });
    await idle();

    expect(metaOf('resources/subscribe')).toEqual([{ traceparent: 'all' }]);
    expect(metaOf('logging/setLevel')).toEqual([{ traceparent: 'all' }]);
    expect(metaOf('custom/x')).toEqual([undefined]);
    expect(metaOf('notifications/initialized')).toEqual([undefined]);
  });

  it('is omitted from the request and reported if the function of the session throws', async () => {
    await connect(
      { content: [] },
      {
        meta: () => {
          throw new Error('no span');
        },
      },
    );
    const errors = record(session.errors$);

    await session.ping();

    expect(await errors.nth(1)).toMatchObject({ name: 'HandlerError', cause: { message: 'no span' } });
    expect(metaOf('ping')).toEqual([undefined]);
  });
});

describe('onProgress', () => {
  it('is called with each progress notification, before the result', async () => {
    await connect({ content: [] });
    const seen: Progress[] = [];

    await session.callTool('x', {}, { onProgress: (progress) => seen.push(progress) });

    expect(seen).toMatchObject([
      { progress: 1, total: 2 },
      { progress: 2, total: 2 },
    ]);
    expect(seen[0]).not.toHaveProperty('kind');
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no bar');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no bar'))],
  ])('reports a HandlerError if it %s, and the call continues', async (_, onProgress) => {
    await connect({ content: [] });
    const errors = record(session.errors$);

    expect(await session.callTool('x', {}, { onProgress })).toEqual({ content: [] });

    expect(await errors.nth(2)).toMatchObject({ name: 'HandlerError', cause: { message: 'no bar' } });
  });
});

describe('output', () => {
  const output = z.object({ sum: z.number(), at: z.string().transform(Number) });

  it('parses structuredContent', async () => {
    await connect({ content: [], structuredContent: { sum: 3, at: '5' } });

    const { structuredContent } = await session.callTool('add', {}, { output });

    expect(structuredContent).toEqual({ sum: 3, at: 5 });
    const events = await lastValueFrom(session.callTool$('add', {}, { output }).pipe(toArray()));
    expect(events.map(({ kind }) => kind)).toEqual(['progress', 'progress', 'result']);
    expect(events.at(-1)).toMatchObject({ result: { structuredContent: { sum: 3, at: 5 } } });
  });

  it.each<[string, CallToolResult, string]>([
    ['does not match', { content: [], structuredContent: { sum: 'x', at: '5' } }, '`output` (structuredContent.sum: '],
    ['is missing', { content: [] }, '`output` (structuredContent: '],
    ['is missing because the tool failed', { content: [{ type: 'text', text: 'no' }], isError: true }, '(no)'],
  ])('fails with an InvalidResultError that has the result if structuredContent %s', async (_, result, message) => {
    await connect(result);

    const error = await session.callTool('add', {}, { output }).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(InvalidResultError);
    expect(error).toMatchObject({ result, message: expect.stringContaining(message) });
    expect((error as Error).message).toMatch(/^tools\/call "add": /);
  });

  it('may validate asynchronously, and may throw', async () => {
    await connect({ content: [], structuredContent: { sum: 3 } });
    const schema = (validate: () => unknown) =>
      ({ '~standard': { version: 1, vendor: 'spec', validate } }) as unknown as typeof output;

    const later = schema(() => Promise.resolve({ value: 'later' }));
    expect(await session.callTool('add', {}, { output: later })).toMatchObject({ structuredContent: 'later' });
    const broken = schema(() => {
      throw new Error('broken');
    });
    await expect(session.callTool('add', {}, { output: broken })).rejects.toMatchObject({
      name: 'InvalidResultError',
      message: 'tools/call "add": the output schema threw (broken)',
      cause: { message: 'broken' },
    });
  });

  describe('with a schema that never settles', () => {
    /** Calls the tool. Resolves when the schema validates the result. */
    async function validating(options: CallOptions): Promise<Recording<unknown>> {
      const started$ = new ReplaySubject<void>(1);
      const schema = z.custom<unknown>().refine(() => {
        started$.next();
        return new Promise<boolean>(() => undefined);
      });
      const call = record(session.callTool$('add', {}, { ...options, output: schema }));
      await firstValueFrom(started$);
      return call;
    }

    it('ends when the signal aborts', async () => {
      await connect({ content: [], structuredContent: {} });
      const controller = new AbortController();
      const call = await validating({ signal: controller.signal });

      controller.abort();

      await expect(call.ended).rejects.toMatchObject({ name: 'RequestCancelledError' });
    });

    it('ends when the session is closed', async () => {
      await connect({ content: [], structuredContent: {} });
      const call = await validating({});

      await session.disconnect();

      await expect(call.ended).rejects.toMatchObject({ name: 'SessionClosedError' });
    });

    it.each<CallOptions>([{ timeout: 1_000 }, { maxTotalTimeout: 1_000 }])('ends after %j', async (options) => {
      const { scheduler, advance } = virtualTime();
      await connect({ content: [], structuredContent: {} }, { scheduler });
      const call = await validating(options);

      await advance(999);
      expect(call.seen).not.toContainEqual(expect.any(Error));
      await advance(1);

      await expect(call.ended).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 1_000 });
      await idle();
      expect(memory.methods()).not.toContain('notifications/cancelled');
    });
  });

  it.each([{}, { type: 'object' }, 7, null])(
    'is a ConfigError if it is not a schema, and sends nothing: %j',
    async (schema) => {
      await connect({ content: [] });

      const call = session.callTool('add', {}, { output: schema as never });

      await expect(call).rejects.toMatchObject({ name: 'ConfigError', path: 'output' });
      expect(memory.methods()).not.toContain('tools/call');
    },
  );
});

describe('arguments that are not an object', () => {
  it.each([7, 'x', null, [1]])('are a ConfigError: %j', async (args) => {
    await connect({ content: [] });

    await expect(session.callTool('x', args as never)).rejects.toMatchObject({
      name: 'ConfigError',
      path: 'params.arguments',
    });
  });
});
