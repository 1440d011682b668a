import { ConfigError, HandlerError } from 'rx-mcp';
import { MCPServer, prompt, resource, tool } from 'rx-mcp/server';
import { BehaviorSubject, of } from 'rxjs';
import { serve } from './rig/serve';

const info = { name: 'spec', version: '1.0.0' };
const one = tool('one', {}, () => '1');
const onePrompt = prompt('one', {}, () => '1');
const oneResource = resource('live://one', {}, () => '1');

describe('a list of a server', () => {
  it.each<[string, object]>([
    ['tools.0', { tools: [() => 'x'] }],
    ['tools.1', { tools: [one, onePrompt] }],
    ['tools.1', { tools: [one, undefined] }],
    ['prompts.0', { prompts: [one] }],
    ['prompts.0', { prompts: [{ name: 'x' }] }],
    ['resources.0', { resources: [one] }],
    ['resources.1', { resources: [oneResource, 'live://two'] }],
  ])('throws a ConfigError with the path of an invalid member: %s', (path, options) => {
    const create = () => new MCPServer(info, options);
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(expect.objectContaining({ path }));
    expect(create).toThrow(`${path}: expected the result of ${path.replace(/s\..*/, '')}()`);
  });

  it('keeps its last members, and reports the error, if a stream emits an invalid list', async () => {
    const tools$ = new BehaviorSubject<(typeof one)[]>([(() => 'x') as never]);
    const server = new MCPServer(info, { tools: tools$ });
    const errors = recordErrors(server);
    const served = await serve(server);
    try {
      const { client } = await served.connect();
      expect((await client.listTools()).tools).toEqual([]);
      tools$.next([one]);
      expect((await client.listTools()).tools).toHaveLength(1);
      tools$.next({ one } as never);
      expect((await client.listTools()).tools).toHaveLength(1);
      expect(await client.callTool({ name: 'one' })).toMatchObject({ content: [{ text: '1' }] });
      expect(errors).toEqual([expect.any(HandlerError), expect.any(HandlerError)]);
      const message = 'tools: invalid list, the last list stays in effect';
      expect(errors).toMatchObject([
        { message: expect.stringContaining(`${message} (tools.0: expected`), cause: { path: 'tools.0' } },
        { message: `${message} (tools: expected an array, got object)`, cause: { path: 'tools' } },
      ]);
    } finally {
      await served.close();
    }
  });

  it.each<[string, string, unknown, (emitted: never) => object]>([
    ['tools', 'one', one, (tools) => ({ tools: of(tools) })],
    ['tools', 'one', one, (tools) => ({ tools: () => tools })],
    ['tools', 'one', one, (tools) => ({ tools: () => of(tools) })],
    ['prompts', 'one', onePrompt, (prompts) => ({ prompts: of(prompts) })],
    ['resources', 'live://one', oneResource, (resources) => ({ resources: of(resources) })],
    ['resources', 'live://{id}', resource('live://{id}', {}, () => '1'), (resources) => ({ resources: of(resources) })],
  ])('keeps the first of two %s named %s in a stream, and reports the other', async (kind, key, first, options) => {
    const other = { ...(first as typeof one), run$: () => of('other'), open$: () => of('other') };
    const emitted = [first, other, kind === 'tools' ? tool('two', {}, () => '2') : undefined].filter(Boolean);
    const server = new MCPServer(info, options(emitted as never));
    const errors = recordErrors(server);
    const served = await serve(server);
    try {
      const { client } = await served.connect();
      const listed = {
        tools: async () => (await client.listTools()).tools.length - 1,
        prompts: async () => (await client.listPrompts()).prompts.length,
        resources: async () =>
          (await client.listResources()).resources.length +
          (await client.listResourceTemplates()).resourceTemplates.length,
      };
      expect(await listed[kind as 'tools']()).toBe(1);
      const result = {
        tools: () => client.callTool({ name: 'one' }),
        prompts: () => client.getPrompt({ name: 'one' }),
        resources: () => client.readResource({ uri: 'live://one' }),
      };
      expect(JSON.stringify(await result[kind as 'tools']())).toContain('"text":"1"');
      expect(errors).toContainEqual(expect.any(HandlerError));
      expect(errors[0]!.message).toBe(`${kind}: duplicate definition ("${key}"; the first one is kept)`);
    } finally {
      await served.close();
    }
  });

  it('emits the lists after a duplicate', async () => {
    const tools$ = new BehaviorSubject([one]);
    const server = new MCPServer(info, { tools: tools$ });
    const errors = recordErrors(server);
    const served = await serve(server);
    try {
      const { client } = await served.connect();
      tools$.next([one, one]);
      tools$.next([one, tool('two', {}, () => '2')]);
      expect((await client.listTools()).tools).toHaveLength(2);
      expect(errors).toHaveLength(1);
    } finally {
      await served.close();
    }
  });

  it('may be an array that a function of the caller returns', async () => {
    const served = await serve(new MCPServer(info, { tools: () => [one] }));
    try {
      const { client } = await served.connect();
      expect((await client.listTools()).tools).toMatchObject([{ name: 'one' }]);
    } finally {
      await served.close();
    }
  });
});

function recordErrors(server: MCPServer): Error[] {
  const errors: Error[] = [];
  server.errors$.subscribe((error) => errors.push(error));
  return errors;
}
