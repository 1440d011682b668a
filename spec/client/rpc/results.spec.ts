import { readResult } from '../../../lib/client/rpc/results';

const tool = (name: unknown, inputSchema: unknown = { type: 'object' }) => ({ name, inputSchema });

describe('readResult', () => {
  it('reads null for optional members as absent, at every level that the protocol defines', () => {
    const page = {
      tools: [{ ...tool('a'), description: null, annotations: { title: null, readOnlyHint: true } }],
      nextCursor: null,
    };

    expect(readResult('tools/list', page)).toEqual({
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
    expect(readResult(method, received)).toEqual({ errors: [], result });
  });

  it('returns the same object if unchanged, and never mutates', () => {
    const page = { tools: [tool('a')] };
    const withNull = Object.freeze({ ...page, nextCursor: null });

    expect(readResult('tools/list', page)).toMatchObject({ result: page });
    expect(readResult('tools/list', withNull)).toEqual({ errors: [], result: page });
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
  ])('keeps the valid items of a list, and reports each invalid one (%s)', (method, received, message) => {
    const read = readResult(method, received);

    expect(Object.values('result' in read ? read.result : {})).toEqual([[expect.anything(), expect.anything()]]);
    expect(read.errors).toMatchObject([{ name: 'InvalidResultError', message: expect.stringContaining(message) }]);
  });

  it.each([
    ['tools/list', {}, ['tools']],
    ['initialize', { protocolVersion: 7 }, ['protocolVersion']],
    ['resources/read', { contents: 'text' }, ['contents']],
    ['tools/call', { content: 'text' }, ['content']],
  ])('rejects invalid results with path and value type (%s)', (method, result, path) => {
    expect(readResult(method, result)).toMatchObject({
      failure: { name: 'InvalidResultError', result, issues: [{ path }] },
    });
  });

  it('accepts a tool result without content, such as a task', () => {
    expect(readResult('tools/call', { task: { taskId: 't' } })).toMatchObject({ result: { task: { taskId: 't' } } });
  });
});
