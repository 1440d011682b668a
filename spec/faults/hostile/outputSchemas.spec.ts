import type { HttpConnectorOptions } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { createOutputValidation } from '../../../lib/connection/outputValidation';
import { lazyJsonSchemaValidator } from '../../../lib/connection/lazyJsonSchemaValidator';
import { type Asked, give, useHostile } from './useHostile';

const stage = useHostile();
const inputSchema = { type: 'object' };

const eras: [string, HttpConnectorOptions][] = [
  ['in the older era', {}],
  ['in the modern one', { engine: modern({ negotiation: 'modern' }) }],
];
/** What the modern era has in a result beside what it says. */
const cached = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };

/** Lists these tools, in either era; each of them answers `{ n: 'one' }`. */
const serverOf = (tools: object[]) =>
  stage.server((asked: Asked) => {
    const { what } = asked;
    if (what === 'server/discover' && asked.from.headers['mcp-protocol-version'] === '2026-07-28')
      return give(asked, { ...cached, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } });
    if (what === 'tools/list') return give(asked, { ...cached, tools });
    return what === 'tools/call' && give(asked, { ...cached, content: [], structuredContent: { n: 'one' } });
  });

describe('an output schema', () => {
  const outputSchema = { type: 'object', properties: { n: { type: 'number' } } };

  it.each(eras)('is not looked at where it is said that results are not to be checked, %s', async (_, more) => {
    const server = await serverOf([{ name: 'any', inputSchema, outputSchema }]);
    const { session } = stage.session(server, { ...more, validateOutput: false });
    await session.connect();
    await session.listTools();

    await expect(session.callTool('any')).resolves.toMatchObject({ structuredContent: { n: 'one' } });
  });
});

describe('an output schema that is no good', () => {
  it.each([
    ['since it refers to nothing', { type: 'object', properties: { n: { $ref: '#/nowhere' } } }],
    ['since it refers to itself', { type: 'object', $ref: '#' }],
    ['since it has a pattern that is none', { type: 'object', properties: { n: { type: 'string', pattern: '(' } } }],
  ])('%s is the fault of the server, and no reason to call again', async (_, outputSchema) => {
    const server = await serverOf([{ name: 'bad', inputSchema, outputSchema }]);
    const { session } = stage.session(server);
    await session.connect();
    await session.listTools();

    await expect(session.callTool('bad')).rejects.toMatchObject({
      name: 'ServerError',
      code: -32603,
      retryable: false,
    });
    expect(server.asked['tools/call']).toBe(1);
  });

  it.each(eras)('is not taken for the one of another tool with the same $id, %s', async (_, more) => {
    const schemaOf = (type: string) => ({ $id: 'same', type: 'object', properties: { n: { type } } });
    const server = await serverOf([
      { name: 'number', inputSchema, outputSchema: schemaOf('number') },
      { name: 'string', inputSchema, outputSchema: schemaOf('string') },
    ]);
    const { session } = stage.session(server, more);
    await session.connect();
    await session.listTools();

    await expect(session.callTool('number')).rejects.toMatchObject({ name: 'ServerError', code: -32602 });
    await expect(session.callTool('string')).resolves.toMatchObject({ structuredContent: { n: 'one' } });
  });

  it('is forgotten with its tool, once the list is whole', () => {
    let compilations = 0;
    const outputs = createOutputValidation(() => {
      compilations++;
      return lazyJsonSchemaValidator();
    });
    const tool = (name: string) => ({ name, inputSchema, outputSchema: { type: 'object', required: ['n'] } });
    const check = (name: string) => () => outputs.check(name, { structuredContent: {} });

    outputs.listed(undefined, { tools: [tool('a')], nextCursor: '2' });
    outputs.listed('2', { tools: [tool('b')] });
    expect(check('a')).toThrow('does not fit');
    expect(check('b')).toThrow('does not fit');
    outputs.listed(undefined, { tools: [tool('b')], nextCursor: '2' });
    expect(check('a')).toThrow('does not fit');
    outputs.listed('2', { tools: [tool('c')] });

    expect(check('a')).not.toThrow();
    expect(check('b')).toThrow('does not fit');
    expect(compilations).toBe(3);
  });
});
