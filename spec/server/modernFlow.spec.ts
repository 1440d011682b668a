import { concat, finalize, map, NEVER, of, range } from 'rxjs';
import { log, MCPServer, progress, tool, type ToolDefinition } from 'rx-mcp/server';
import { readEvents } from './faults/rig';

const version = '2026-07-28';
const count = 10_000;
const steps$ = range(1, count).pipe(map((step) => progress(step)));
const logs$ = range(1, count).pipe(map((n) => log('info', { n })));

/** Calls a tool of a server that allows 10,000 unread bytes. Nothing reads the response until the caller does. */
async function call(definition: ToolDefinition): Promise<Response> {
  const server = new MCPServer({ name: 'spec', version: '1' }, { tools: [definition], buffer: 10_000 });
  const { name } = definition.listing;
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/logLevel': 'info',
    progressToken: 1,
  };
  return server.fetch(
    new Request('http://127.0.0.1/mcp', {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-protocol-version': version,
        'mcp-method': 'tools/call',
        'mcp-name': name,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {}, _meta } }),
    }),
  );
}

interface Message {
  params?: { progress?: number };
  result?: object;
  error?: { message: string };
}

describe('a call of protocol 2026-07-28 whose response is not read', () => {
  it('keeps the latest progress for the client, before the result', async () => {
    const response = await call(tool('steps', {}, () => concat(steps$, of('done'))));
    const messages = (await readEvents(response)).map(({ data }) => data as Message);
    const received = messages.slice(0, -1).map(({ params }) => params?.progress);

    expect(messages.at(-1)).toMatchObject({ result: { content: [{ text: 'done' }] } });
    expect(received.at(-1)).toBe(count);
    expect(received.slice(0, -1)).toEqual(received.slice(0, -1).map((_, index) => index + 1));
    expect(received.length).toBeLessThan(100);
  });

  it('is unsubscribed from and fails if other messages exceed the buffer', async () => {
    let unsubscribed = 0;
    const response = await call(tool('logs', {}, () => concat(logs$, NEVER).pipe(finalize(() => unsubscribed++))));
    const messages = (await readEvents(response)).map(({ data }) => data as Message);

    expect(unsubscribed).toBe(1);
    expect(messages.at(-1)).toMatchObject({ error: { message: 'sending: the client does not read its response' } });
    expect(messages.length).toBeLessThan(200);
  });
});
