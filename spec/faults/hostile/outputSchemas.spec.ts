import {
  type HttpConnectorOptions,
  InvalidResultError,
  MCPClient,
  type SessionOptions,
  type ValidateOutput,
} from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { useStage } from '../../rig/useStage';
import { type IncomingRequest, give, startHostileServer } from './startHostileServer';

const stage = useStage(startHostileServer);
const inputSchema = { type: 'object' };

const eras: [string, HttpConnectorOptions][] = [
  ['legacy', {}],
  ['modern', { engine: modern({ negotiation: 'modern' }) }],
];
/** The members of a modern result that a legacy result does not have. */
const cached = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };

/** Creates an answer that lists these tools in either era, all with the same result. */
const serverOf = (tools: object[], result: object = { content: [], structuredContent: { n: 'one' } }) =>
  stage.server((incoming: IncomingRequest) => {
    const { kind } = incoming;
    if (kind === 'server/discover' && incoming.from.headers['mcp-protocol-version'] === '2026-07-28')
      return give(incoming, { ...cached, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } });
    if (kind === 'tools/list') return give(incoming, { ...cached, tools });
    return kind === 'tools/call' && give(incoming, { ...cached, ...result });
  });

/** Opens a session with a server whose only tool has this output schema. The tools have been listed. */
async function listed(
  outputSchema: object,
  result?: object,
  options?: HttpConnectorOptions,
  sessionOptions?: SessionOptions,
) {
  const tool = { name: 'any', inputSchema, outputSchema: { type: 'object', ...outputSchema } };
  const server = await serverOf([tool], result);
  const watched = stage.session(server, options, sessionOptions);
  await watched.session.connect();
  await watched.session.listTools();
  return { ...watched, server };
}

const outputSchema = { type: 'object', properties: { n: { type: 'number' } } };

describe.each(eras)('a result that does not match the output schema, in the %s era', (_, era) => {
  it('fails the call with an error that contains the result and the issues', async () => {
    const { session, server } = await listed(outputSchema, undefined, era);

    const error: unknown = await session.callTool('any').catch((cause: unknown) => cause);

    expect(error).toBeInstanceOf(InvalidResultError);
    expect(error).toMatchObject({
      retryable: false,
      message: expect.stringContaining('structuredContent.n'),
      issues: [{ path: ['structuredContent', 'n'], message: expect.stringContaining('Expected "number"') }],
      result: { structuredContent: { n: 'one' } },
    });
    expect(server.requestCounts['tools/call']).toBe(1);
  });

  it("is delivered and reported with validateOutput: 'report'", async () => {
    const { session, errors } = await listed(outputSchema, undefined, { ...era, validateOutput: 'report' });

    await expect(session.callTool('any')).resolves.toMatchObject({ structuredContent: { n: 'one' } });
    expect(errors).toMatchObject([{ name: 'InvalidResultError', result: { structuredContent: { n: 'one' } } }]);
  });

  it('is delivered with validateOutput: false', async () => {
    const { session, errors } = await listed(outputSchema, undefined, { ...era, validateOutput: false });

    await expect(session.callTool('any')).resolves.toMatchObject({ structuredContent: { n: 'one' } });
    expect(errors).toEqual([]);
  });

  it('is handled by the option of the call, then of the session, then of the connector', async () => {
    const ofConnector = await listed(outputSchema, undefined, { ...era, validateOutput: false });
    const ofSession = await listed(
      outputSchema,
      undefined,
      { ...era, validateOutput: false },
      { validateOutput: 'report' },
    );
    const outcome = async ({ session }: typeof ofSession, validateOutput?: ValidateOutput): Promise<unknown> =>
      session.callTool('any', {}, { validateOutput }).then(
        () => 'delivered',
        (error: unknown) => (error as Error).name,
      );

    expect(await outcome(ofConnector)).toBe('delivered');
    expect(await outcome(ofConnector, true)).toBe('InvalidResultError');
    expect(ofConnector.errors).toEqual([]);
    expect(await outcome(ofSession)).toBe('delivered');
    expect(ofSession.errors).toMatchObject([{ name: 'InvalidResultError' }]);
    expect(await outcome(ofSession, true)).toBe('InvalidResultError');
    expect(await outcome(ofSession, false)).toBe('delivered');
    expect(await ofSession.session.request('tools/call', { name: 'any' }, { validateOutput: false })).toMatchObject({
      structuredContent: { n: 'one' },
    });
    expect(ofSession.errors).toHaveLength(1);
  });

  it('is handled by the option of the server, then of the client', async () => {
    const server = await serverOf([{ name: 'any', inputSchema, outputSchema }]);
    const { url } = server;
    const lax = { ...era, url, validateOutput: false };
    const client = new MCPClient({ mcpServers: { lax, strict: { ...era, url } } }, { validateOutput: true });
    const { lax: one, strict: other } = await client.createAllSessions();
    await one!.listTools();
    await other!.listTools();

    await expect(one!.callTool('any')).resolves.toMatchObject({ structuredContent: { n: 'one' } });
    await expect(other!.callTool('any')).rejects.toBeInstanceOf(InvalidResultError);
    await client.closeAllSessions();
  });

  it('is validated with the schema of its own tool if two schemas have the same $id', async () => {
    const schemaOf = (type: string) => ({ $id: 'same', type: 'object', properties: { n: { type } } });
    const server = await serverOf([
      { name: 'number', inputSchema, outputSchema: schemaOf('number') },
      { name: 'string', inputSchema, outputSchema: schemaOf('string') },
    ]);
    const { session } = stage.session(server, era);
    await session.connect();
    await session.listTools();

    await expect(session.callTool('number')).rejects.toBeInstanceOf(InvalidResultError);
    await expect(session.callTool('string')).resolves.toMatchObject({ structuredContent: { n: 'one' } });
  });
});

const draft07 = 'http://json-schema.org/draft-07/schema#';
const beside = { properties: { n: { $ref: '#/definitions/any', type: 'string' } }, definitions: { any: {} } };

describe('an output schema', () => {
  it.each([
    ['of draft 2020-12', { properties: { n: { prefixItems: [{ type: 'string' }], items: false } } }, ['a', 'b']],
    ['of draft-07', { $schema: draft07, properties: { n: { items: [{ type: 'number' }] } } }, ['a']],
    ['of draft-07', { $schema: draft07, properties: { n: { items: [{}], additionalItems: false } } }, [1, 2]],
  ])('%s is evaluated in its dialect', async (_, schema, n) => {
    const { session } = await listed(schema, { content: [], structuredContent: { n } });
    await expect(session.callTool('any')).rejects.toBeInstanceOf(InvalidResultError);
  });

  it.each([
    ['with an unknown format', { properties: { n: { type: 'integer', format: 'uint64' } } }, { n: 1 }],
    [
      'with a format that is named like an object member',
      { properties: { n: { format: 'hasOwnProperty' } } },
      { n: 'x' },
    ],
    ['with unknown keywords', { properties: { n: { 'x-unit': { type: 'string' } } } }, { n: 1 }],
    ['of draft-07 with keywords beside $ref', { $schema: draft07, ...beside }, { n: 1 }],
  ])('%s is evaluated by its known keywords, and prints nothing', async (_, schema, structuredContent) => {
    const printed = (['log', 'warn', 'error'] as const).map((kind) => jest.spyOn(console, kind));
    const { session } = await listed(schema, { content: [], structuredContent });
    await expect(session.callTool('any')).resolves.toMatchObject({ structuredContent });
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    jest.restoreAllMocks();
  });

  it.each([
    ['is a task', { task: { taskId: 't', status: 'working', createdAt: '', lastUpdatedAt: '', ttl: 1 }, content: [] }],
    ['has isError: true', { content: [], isError: true }],
  ])('does not apply to a response that %s', async (_, answer) => {
    const { session } = await listed({ ...outputSchema, required: ['n'] }, answer);
    await expect(session.request('tools/call', { name: 'any' })).resolves.toMatchObject(answer);
  });

  it('requires structured content', async () => {
    const { session } = await listed(outputSchema, { content: [] });
    await expect(session.callTool('any')).rejects.toMatchObject({
      name: 'InvalidResultError',
      issues: [{ path: ['structuredContent'] }],
      result: { content: [] },
    });
  });
});

/** Creates a chain of schemas, each of which applies the next one twice. */
const doubling = (length: number) => ({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length }, (_, n) => [`d${n}`, { allOf: [1, 2].map(() => ({ $ref: `#/$defs/d${n + 1}` })) }]).concat([
      [`d${length}`, true],
    ] as never),
  ),
});

describe('an unusable output schema', () => {
  it.each([
    ['has a broken reference', { properties: { n: { $ref: '#/nowhere' } } }],
    ['refers to itself', { $ref: '#' }],
    ['has an invalid pattern', { properties: { n: { type: 'string', pattern: '(' } } }],
    ['takes exponentially many steps', doubling(60)],
    ['takes too many steps for the size of the result', doubling(14)],
    ['has too many values', { enum: Array.from({ length: 30_000 }, (_, n) => n) }],
  ])('fails the call with an error that contains the result, because it %s', async (_, schema) => {
    const { session, server } = await listed(schema);

    await expect(session.callTool('any')).rejects.toMatchObject({
      name: 'InvalidResultError',
      retryable: false,
      message: expect.stringContaining('cannot use the output schema'),
      result: { structuredContent: { n: 'one' } },
    });
    expect(server.requestCounts['tools/call']).toBe(1);
    await expect(session.listTools()).resolves.toHaveLength(1);
  });

  it.each(['^(a+)+$', '^(a|a)*$', '(a*)*b', '^(.*)*\\1$', '(?:x+x+)+y'])(
    'does not match a string against the pattern %s, which could take exponential time',
    async (pattern) => {
      const structuredContent = { n: `${'a'.repeat(40)}!` };
      const { session } = await listed({ properties: { n: { pattern } } }, { content: [], structuredContent });
      await expect(session.callTool('any')).resolves.toMatchObject({ structuredContent });
    },
  );

  /** Calls a tool whose output has this schema and value. Returns the message of the error, if any. */
  async function messageOf(schema: object, n: unknown): Promise<string | undefined> {
    const { session } = await listed({ properties: { n: schema } }, { content: [], structuredContent: { n } });
    return session.callTool('any').then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
  }
  const many = (text: string): string[] => Array.from({ length: 2_000 }, (_, n) => `${n}${text}`);

  it.each<[string, object, unknown]>([
    ['many long strings against a pattern', { items: { pattern: 'a*b|c' } }, many(`${'a'.repeat(1_000)}c`)],
    ['a long property name against a pattern', { patternProperties: { 'a*a*b': {} } }, { ['a'.repeat(3_000)]: 1 }],
    [
      'many property names against a pattern',
      { patternProperties: { 'a*a*b': {} } },
      Object.fromEntries(many('a'.repeat(200)).map((name) => [name, 1])),
    ],
  ])('does not match %s', async (_, schema, n) => {
    expect(await messageOf(schema, n)).toMatch(
      /cannot use the output schema of "any" \(validation takes too many steps\)/,
    );
  });

  it.each<[string, object, unknown]>([
    ['dates', { items: { pattern: '^\\d{4}-\\d{2}-\\d{2}$' } }, many('').map(() => '2026-01-02')],
    ['addresses', { items: { pattern: '^[^@\\s]+@[^@\\s]+$' } }, many('@example.com')],
    [
      'property names',
      { additionalProperties: false, patternProperties: { '^[0-9]+-[a-z]*$': {} } },
      Object.fromEntries(many('-name').map((name) => [name, 1])),
    ],
  ])('matches many %s', async (_, schema, n) => {
    expect(await messageOf(schema, n)).toBeUndefined();
  });

  it('does not match a very long string against a pattern with repetitions', async () => {
    const structuredContent = { n: 'a'.repeat(100_000) };
    const schema = { properties: { n: { pattern: 'a*a*a*b' } } };
    const { session } = await listed(schema, { content: [], structuredContent });
    await expect(session.callTool('any')).resolves.toMatchObject({ structuredContent });
  });

  it.each(['^[a-z]+-[0-9]+$', '^(foo|bar)$', '^\\d{4}-\\d{2}-\\d{2}$', '^[^@\\s]+@[^@\\s]+$', '(?<=x)y?'])(
    'matches strings against the pattern %s',
    async (pattern) => {
      const { session } = await listed(
        { properties: { n: { pattern } } },
        { content: [], structuredContent: { n: '?' } },
      );
      await expect(session.callTool('any')).rejects.toBeInstanceOf(InvalidResultError);
    },
  );
});
