import { map } from 'rxjs';
import { MCPServer, tool } from 'rx-mcp/server';
import { serve, type Served } from './rig/serve';

interface Answer {
  result?: { resultType?: string; inputRequests?: Record<string, { method: string }>; requestState?: string };
  error?: { code: number };
}

const version = '2026-07-28';

describe("the answers in a request of protocol 2026-07-28 to the server's requests", () => {
  let served: Served;
  const errors: unknown[] = [];

  beforeEach(async () => {
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        tools: [
          tool('roots', {}, (_, { roots$ }) => roots$.pipe(map((roots) => ({ roots })))),
          tool('sample', {}, (_, { sample$ }) => sample$('s', { messages: [], maxTokens: 1 }).pipe(map(() => 'done'))),
        ],
      },
    );
    server.errors$.subscribe((error) => errors.push(error));
    served = await serve(server);
  });
  afterEach(async () => {
    await served.close();
    errors.length = 0;
  });

  async function call(name: string, members: Record<string, unknown> = {}): Promise<Answer> {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientCapabilities': { roots: {}, sampling: {} },
    };
    const response = await served.send({
      json: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {}, ...members, _meta } },
      version,
      headers: { 'mcp-method': 'tools/call', 'mcp-name': name },
    });
    return (await response.json()) as Answer;
  }

  /** Calls a tool, and calls it again with an answer to its request. */
  async function answerWith(name: string, answer: unknown): Promise<Answer> {
    const { result } = await call(name);
    expect(result).toMatchObject({ resultType: 'input_required' });
    const [key] = Object.keys(result!.inputRequests!);
    return call(name, { inputResponses: { [key!]: answer }, requestState: result!.requestState });
  }

  it('keep the valid roots, and the others are reported', async () => {
    const roots = [null, { uri: 'file:///a' }, 'file:///b', { uri: 1 }, { uri: 'file:///c', name: null }, [], {}];
    expect(await answerWith('roots', { roots })).toMatchObject({
      result: { structuredContent: { roots: [{ uri: 'file:///a' }, { uri: 'file:///c' }] } },
    });
    expect(errors).toMatchObject(
      [0, 2, 3, 5, 6].map((index) => ({
        name: 'InvalidResultError',
        message: `roots/list: invalid response from client (result.roots.${String(index)}: expected a root)`,
        issues: [{ path: ['roots', index] }],
      })),
    );
  });

  it.each<[string, unknown]>([
    ['roots', {}],
    ['roots', { roots: 'file:///a' }],
    ['sample', { role: 'assistant' }],
  ])('fail the call of %s with a typed error if they are invalid as a whole: %j', async (name, answer) => {
    const method = name === 'roots' ? 'roots/list' : 'sampling/createMessage';
    expect(await answerWith(name, answer)).toMatchObject({
      result: {
        isError: true,
        content: [{ text: expect.stringContaining(`${method}: invalid response from client`) }],
      },
    });
  });

  it.each<[string, unknown]>([
    ['roots', null],
    ['sample', 'Because'],
  ])('are requested again for the call of %s if they are not objects: %j', async (name, answer) => {
    expect(await answerWith(name, answer)).toMatchObject({ result: { resultType: 'input_required' } });
  });
});
