import { ConfigError, HandlerError } from 'rx-mcp';
import { MCPServer, prompt, resource, tool } from 'rx-mcp/server';
import { BehaviorSubject } from 'rxjs';
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
    const errors: Error[] = [];
    server.errors$.subscribe((error) => errors.push(error));
    const served = await serve(server);
    try {
      const { client } = await served.connect();
      expect((await client.listTools()).tools).toEqual([]);
      tools$.next([one]);
      expect((await client.listTools()).tools).toHaveLength(1);
      tools$.next({ one } as never);
      expect((await client.listTools()).tools).toHaveLength(1);
      expect(await client.callTool({ name: 'one' })).toMatchObject({ content: [{ text: '1' }] });
      expect(errors).toEqual([expect.any(HandlerError)]);
      expect(errors[0]).toMatchObject({
        message: 'tools: invalid list (the last list stays in effect)',
        cause: { message: 'tools: expected an array, got object', path: 'tools' },
      });
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
