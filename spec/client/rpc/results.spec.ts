import type { MCPError } from '../../../lib';
import { readResult } from '../../../lib/client/rpc/results';
import type { Result } from '../../../lib/protocol/types';

function read(method: string, received: Result) {
  const errors: MCPError[] = [];
  const result = readResult(method, received, (error) => errors.push(error));
  return { errors, result };
}

const text = { type: 'text', text: 'a' };
const message = { role: 'user', content: text };
const tool = (name: unknown, inputSchema: unknown = { type: 'object' }) => ({ name, inputSchema });

describe('readResult', () => {
  it('reads null for optional members as absent, at every level that the protocol defines', () => {
    const page = {
      tools: [{ ...tool('a'), description: null, annotations: { title: null, readOnlyHint: true } }],
      nextCursor: null,
    };

    expect(read('tools/list', page)).toEqual({
      errors: [],
      result: { tools: [{ ...tool('a'), annotations: { readOnlyHint: true } }] },
    });
  });

  it.each([
    [
      'tools/call',
      { content: [], structuredContent: { a: null }, isError: null },
      { content: [], structuredContent: { a: null } },
    ],
    [
      'tools/list',
      { tools: [tool('a', { type: 'object', default: null })] },
      { tools: [tool('a', { type: 'object', default: null })] },
    ],
    ['custom/any', { a: null }, { a: null }],
  ])('keeps null where it is meaningful (%s)', (method, received, result) => {
    expect(read(method, received)).toEqual({ errors: [], result });
  });

  it('returns the same object if unchanged, and never mutates', () => {
    const page = { tools: [tool('a')] };
    const withNull = Object.freeze({ ...page, nextCursor: null });

    expect(read('tools/list', page)).toMatchObject({ result: page });
    expect(read('tools/list', withNull)).toEqual({ errors: [], result: page });
  });

  it.each([
    [
      'tools/list',
      { tools: [tool('a'), tool('b', { type: 'string' }), tool('c')] },
      'tools.1.inputSchema.type: expected "object" in "b"',
    ],
    ['tools/list', { tools: [tool('a'), tool(7), tool('c')] }, 'tools.1.name: expected a string'],
    ['prompts/list', { prompts: [{ name: 'a' }, null, { name: 'c' }] }, 'prompts.1: expected an object'],
    [
      'resources/list',
      { resources: [{ uri: 'a:', name: 'a' }, { name: 'b' }, { uri: 'c:', name: 'c' }] },
      'resources.1.uri: expected a string in "b"',
    ],
    [
      'resources/templates/list',
      { resourceTemplates: [{ uriTemplate: 'a:', name: 'a' }, 'b', { uriTemplate: 'c:', name: 'c' }] },
      'resourceTemplates.1: expected an object',
    ],
    ['tools/call', { content: [text, null, text] }, 'content.1: expected an object'],
    ['tools/call', { content: [text, 'text', text] }, 'content.1: expected an object'],
    ['tools/call', { content: [text, {}, text] }, 'content.1.type: expected a string'],
    ['tools/call', { content: [text, { type: 'text' }, text] }, 'content.1.text: expected a string'],
    ['tools/call', { content: [text, { type: 'image', data: 1 }, text] }, 'content.1.data: expected a string'],
    ['tools/call', { content: [text, { type: 'resource' }, text] }, 'content.1.resource: expected an object'],
    ['tools/call', { content: [text, { type: 'resource_link' }, text] }, 'content.1.uri: expected a string'],
    [
      'resources/read',
      { contents: [{ uri: 'a:', text: '' }, null, { uri: 'c:', text: '' }] },
      'contents.1: expected an object',
    ],
    ['resources/read', { contents: [{ uri: 'a:' }, { text: '' }, { uri: 'c:' }] }, 'contents.1.uri: expected a string'],
    ['prompts/get', { messages: [message, null, message] }, 'messages.1: expected an object'],
    ['prompts/get', { messages: [message, { role: 'user' }, message] }, 'messages.1.content: expected an object'],
    [
      'prompts/get',
      { messages: [message, { role: 'user', content: { type: 'text' } }, message] },
      'messages.1.content.text: expected a string',
    ],
  ])('keeps the valid items of a list, and reports each invalid one (%s)', (method, received, message) => {
    const { errors, result } = read(method, received);

    expect(Object.values(result)).toEqual([[expect.anything(), expect.anything()]]);
    expect(errors).toMatchObject([{ name: 'InvalidResultError', message: expect.stringContaining(message) }]);
  });

  it.each([
    ['tools/list', {}, ['tools']],
    ['initialize', { protocolVersion: 7 }, ['protocolVersion']],
    ['resources/read', { contents: 'text' }, ['contents']],
    ['tools/call', { content: 'text' }, ['content']],
    ['completion/complete', { completion: {} }, ['completion', 'values']],
  ])('rejects invalid results with path and value type (%s)', (method, result, path) => {
    expect(read(method, result)).toMatchObject({
      errors: [],
      result: { name: 'InvalidResultError', result, issues: [{ path }] },
    });
  });

  it.each([
    [
      'completion/complete',
      { completion: { values: ['a', null, 7, 'b'], total: null } },
      { completion: { values: ['a', 'b'] } },
      ['completion.values.1: expected a string', 'completion.values.2: expected a string'],
    ],
    [
      'prompts/list',
      { prompts: [{ name: 'a', arguments: [null, { name: 'x' }, {}] }] },
      { prompts: [{ name: 'a', arguments: [{ name: 'x' }] }] },
      ['prompts.0.arguments.0: expected an object', 'prompts.0.arguments.2.name: expected a string'],
    ],
    [
      'prompts/list',
      { prompts: [{ name: 'a', arguments: { x: {} } }] },
      { prompts: [{ name: 'a' }] },
      ['prompts.0.arguments: expected an array in "a"'],
    ],
    [
      'tools/list',
      { tools: [{ ...tool('a'), icons: [null, { src: 'x' }] }] },
      { tools: [{ ...tool('a'), icons: [{ src: 'x' }] }] },
      ['tools.0.icons.0: expected an object'],
    ],
    [
      'tools/call',
      { content: [{ ...text, annotations: { audience: ['user', null] } }] },
      { content: [{ ...text, annotations: { audience: ['user'] } }] },
      ['content.0.annotations.audience.1: expected a string'],
    ],
    [
      'resources/list',
      { resources: [{ uri: 'a:', name: 'a', annotations: 'for users' }] },
      { resources: [{ uri: 'a:', name: 'a' }] },
      ['resources.0.annotations: expected an object in "a"'],
    ],
  ])('drops invalid items of nested lists (%s)', (method, received, expected, messages) => {
    const { errors, result } = read(method, received);

    expect(result).toMatchObject(expected);
    expect(errors.map(({ message }) => message)).toEqual(
      messages.map((each): unknown => expect.stringContaining(each)),
    );
  });

  it('keeps content of unknown types', () => {
    const content = [{ type: 'hologram', light: 1 }, { type: 'constructor' }];

    expect(read('tools/call', { content })).toEqual({ errors: [], result: { content } });
  });

  it('accepts a tool result without content, such as a task', () => {
    expect(read('tools/call', { task: { taskId: 't' } })).toMatchObject({ result: { task: { taskId: 't' } } });
  });
});
