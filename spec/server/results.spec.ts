import { MCPServer, prompt, resource, type ServerCall, tool, type ToolDefinition } from 'rx-mcp/server';
import { HandlerError } from 'rx-mcp';
import { NEVER, of } from 'rxjs';
import { z } from 'zod';
import { serve, type Served } from './rig/serve';

/** Tools whose types do not allow their results, as of callers without types. */
const untyped = (name: string, options: object, project: () => unknown): ToolDefinition =>
  tool(name, options, project as () => object);

const notJson: Record<string, { project: () => unknown; at: string }> = {
  function: {
    project: () => ({ list: [{ run: () => 1 }] }),
    at: 'result.list.0.run: expected a JSON value, got a function',
  },
  nan: { project: () => ({ n: NaN }), at: 'result.n: expected a JSON value, got NaN' },
  map: { project: () => ({ byId: new Map([['a', 1]]) }), at: 'result.byId: expected a JSON value, got Map' },
  'top map': { project: () => new Map([['a', 1]]), at: 'result: expected a JSON value, got Map' },
  'top set': { project: () => new Set(['a']), at: 'result: expected a JSON value, got Set' },
  'promised map': { project: () => of(new Map([['a', 1]])), at: 'result: expected a JSON value, got Map' },
  bigint: { project: () => of(1n), at: 'result: expected a JSON value, got a BigInt' },
};

const output = z.object({ sum: z.number() });

describe('the result of a handler', () => {
  let served: Served;
  let server: MCPServer;
  let errors: Error[];
  let calls: ServerCall[];

  beforeEach(async () => {
    server = new MCPServer(
      { name: 'spec', version: '1.0.0' },
      {
        tools: [
          tool('array', {}, () => ['a', 'b']),
          tool('promised array', {}, async () => ['a', 'b']),
          tool('objects', {}, () => [{ id: 1 }, { id: 2 }]),
          tool('generator', {}, function* () {
            yield 'a';
            yield 'b';
          }),
          untyped('string', { output }, () => 'hello'),
          untyped('number', { output }, () => 1),
          untyped('nothing', { output }, () => of()),
          untyped('content', { output }, () => ({ content: [] })),
          tool('own error', { output }, () => ({ content: [], isError: true })),
          ...Object.entries(notJson).map(([name, { project }]) => untyped(name, {}, project)),
          tool('date', {}, () => ({ at: new Date(0), absent: undefined, of: { toJSON: () => 'x' } })),
          tool('throws', {}, () => {
            throw new RangeError('no luck');
          }),
          tool('endless', {}, () => NEVER),
        ],
        prompts: [prompt('array', {}, () => [{ messages: [] }]), prompt('nan', {}, () => ({ messages: [], n: NaN }))],
        resources: [
          resource('live://array', {}, () => ['a', 'b']),
          resource('live://function', {}, () => ({ run: () => 1 })),
        ],
        completions: ({ argument }) => (argument.name === 'all' ? { values: ['c'] } : ['a', 'b']),
      },
    );
    server.handle('custom/array', () => [{ first: true }, { second: true }]);
    server.handle('custom/nan', () => ({ n: NaN }));
    errors = [];
    calls = [];
    server.errors$.subscribe((error) => errors.push(error));
    server.calls$.subscribe((call) => calls.push(call));
    served = await serve(server);
  });
  afterEach(() => served.close());

  it('is one value if it is an array, and a stream if it is another iterable', async () => {
    const { client } = await served.connect();
    for (const name of ['array', 'promised array']) {
      expect(await client.callTool({ name })).toEqual({ content: [{ type: 'text', text: '["a","b"]' }] });
    }
    expect(await client.callTool({ name: 'objects' })).toMatchObject({ content: [{ text: '[{"id":1},{"id":2}]' }] });
    expect(await client.callTool({ name: 'generator' })).toMatchObject({ content: [{ text: 'b' }] });
    const { contents } = await client.readResource({ uri: 'live://array' });
    expect(contents).toMatchObject([{ text: 'a' }, { text: 'b' }]);
    await expect(client.getPrompt({ name: 'array' })).rejects.toThrow('expected a string or an object with messages');
  });

  it('completes arguments with a plain array or a plain completion', async () => {
    const { client } = await served.connect();
    const complete = (name: string) =>
      client.complete({ ref: { type: 'ref/prompt', name: 'x' }, argument: { name, value: '' } });
    expect((await complete('some')).completion).toEqual({ values: ['a', 'b'], total: 2, hasMore: false });
    expect((await complete('all')).completion).toEqual({ values: ['c'] });
  });

  it.each(['string', 'number', 'nothing', 'content'])(
    'is an error if a tool with an output schema returns no structured content: %s',
    async (name) => {
      const { client } = await served.connect();
      expect(await client.callTool({ name })).toMatchObject({ isError: true });
      expect(errors).toEqual([expect.any(HandlerError)]);
      expect(errors[0]?.message).toBe(`${name}: invalid output (expected an object)`);
    },
  );

  it('may be an error of the tool, without structured content', async () => {
    const { client } = await served.connect();
    expect(await client.callTool({ name: 'own error' })).toEqual({ content: [], isError: true });
    expect(errors).toEqual([]);
  });

  it.each(Object.entries(notJson))('is an error if JSON would alter it: %s', async (name, { at }) => {
    const { client } = await served.connect();
    const message = `${name}: invalid result (${at})`;
    expect(await client.callTool({ name })).toEqual({ content: [{ type: 'text', text: message }], isError: true });
    expect(errors).toEqual([expect.any(HandlerError)]);
    expect(errors[0]?.message).toBe(message);
  });

  it('may contain dates, objects with toJSON, and members that are undefined', async () => {
    const { client } = await served.connect();
    const { structuredContent } = await client.callTool({ name: 'date' });
    expect(structuredContent).toEqual({ at: '1970-01-01T00:00:00.000Z', of: 'x' });
  });

  it('is an error of prompts, resources and custom requests as well if JSON would alter it', async () => {
    const { client } = await served.connect();
    await expect(client.getPrompt({ name: 'nan' })).rejects.toThrow(
      'nan: invalid result (result.n: expected a JSON value',
    );
    await expect(client.readResource({ uri: 'live://function' })).rejects.toThrow(
      'live://function.run: expected a JSON value',
    );
    const request = (method: string) => client.request({ method }, z.looseObject({}));
    await expect(request('custom/nan')).rejects.toThrow('custom/nan: invalid result (result.n: expected a JSON value');
    await expect(request('custom/array')).rejects.toThrow('custom/array: invalid result (expected an object)');
    expect(errors).toHaveLength(4);
    expect(errors.every((error) => error instanceof HandlerError)).toBe(true);
  });

  it('is the error of a failed call on calls$ if the handler threw or the result is invalid', async () => {
    const { client } = await served.connect();
    await client.callTool({ name: 'throws' });
    await client.callTool({ name: 'string' });
    await client.callTool({ name: 'own error' });
    const failed = calls.filter(({ state }) => state === 'failed');
    expect(failed).toMatchObject([
      { name: 'throws', error: new RangeError('no luck') },
      { name: 'string', error: { message: 'string: invalid output (expected an object)' } },
      { name: 'own error' },
    ]);
    expect(failed[2]).not.toHaveProperty('error');
    expect(calls.filter(({ state }) => state === 'started').every((call) => !('error' in call))).toBe(true);
  });
});
