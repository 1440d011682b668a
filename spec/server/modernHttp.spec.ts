import { map } from 'rxjs';
import { MCPServer, tool } from 'rx-mcp/server';
import { serve, type Served } from './rig/serve';

const version = '2026-07-28';
const base64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`;

describe('a raw request of protocol 2026-07-28', () => {
  let served: Served;
  beforeEach(async () => {
    const input = {
      type: 'object',
      properties: {
        region: { type: 'string', 'x-mcp-header': 'Region' },
        job: { type: 'object', properties: { priority: { type: 'integer', 'x-mcp-header': 'Priority' } } },
      },
    };
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        tools: [
          tool('route', { input }, () => 'routed'),
          tool('sample', {}, (_, { sample$ }) => sample$('s', { messages: [], maxTokens: 1 }).pipe(map(() => 'done'))),
        ],
      },
    );
    server.handle('custom/echo', (params) => ({ params }));
    served = await serve(server);
  });
  afterEach(() => served.close());

  /** Sends a request. Resolves with the status, and with the code and the data of the error. */
  async function send(
    method: string,
    params: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<[status: number, code: number | undefined, data?: unknown]> {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const response = await served.send({
      json: { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } },
      version,
      headers: {
        'mcp-method': method,
        ...(typeof params['name'] === 'string' && { 'mcp-name': params['name'] }),
        ...headers,
      },
    });
    const { error } = (await response.json()) as { error?: { code: number; data?: unknown } };
    return error?.data === undefined ? [response.status, error?.code] : [response.status, error.code, error.data];
  }

  it('is answered with 404 for a method without a handler', async () => {
    expect(await send('custom/none')).toEqual([404, -32601]);
    expect(await send('custom/echo')).toEqual([200, undefined]);
  });

  it('is refused with 400 when the call needs a capability that the client has not declared', async () => {
    const data = { requiredCapabilities: { sampling: {} } };
    expect(await send('tools/call', { name: 'sample', arguments: {} })).toEqual([400, -32021, data]);
  });

  it.each<[string, unknown, Record<string, string>, boolean]>([
    ['the same text', { region: 'eu' }, { 'mcp-param-region': 'eu' }, true],
    ['encoded text', { region: 'Å' }, { 'mcp-param-region': base64('Å') }, true],
    ['an equal number', { job: { priority: 4 } }, { 'mcp-param-priority': '4.0' }, true],
    ['a missing argument', {}, { 'mcp-param-region': 'eu' }, true],
    ['null', { region: null }, {}, true],
    ['a missing header', { region: 'eu' }, {}, false],
    ['different text', { region: 'eu' }, { 'mcp-param-region': 'us' }, false],
    ['a different number', { job: { priority: 4 } }, { 'mcp-param-priority': '5' }, false],
    ['invalid Base64', { region: 'eu' }, { 'mcp-param-region': '=?base64?ZXU?=' }, false],
    ['bytes that are not UTF-8', { region: 'eu' }, { 'mcp-param-region': '=?base64?/w==?=' }, false],
  ])('compares a mirrored argument with its header: %s', async (_, args, headers, isServed) => {
    const expected = isServed ? [200, undefined] : [400, -32020];
    expect(await send('tools/call', { name: 'route', arguments: args }, headers)).toEqual(expected);
  });
});
