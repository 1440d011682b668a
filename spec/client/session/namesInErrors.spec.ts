import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { empty, plain } from '../../faults/world/responses';
import { startWorldServer, type WorldServer } from '../../faults/world/startWorldServer';
import { startStubServer } from '../modern/faults/startStubServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

type Call = (session: MCPSession, options: { timeout?: number; signal?: AbortSignal }) => Promise<unknown>;

const calls: [name: string, method: string, call: Call][] = [
  ['tools/call "search"', 'tools/call', (session, options) => session.callTool('search', {}, options)],
  ['prompts/get "plan"', 'prompts/get', (session, options) => session.getPrompt('plan', {}, options)],
  ['resources/read "file:///a"', 'resources/read', (session, options) => session.readResource('file:///a', options)],
  ['tools/list', 'tools/list', (session, options) => session.listTools(options)],
  ['custom/x', 'custom/x', (session, options) => session.request('custom/x', { name: 'y' }, options)],
];

/** Leaves requests with a method unanswered. */
function ignore(server: WorldServer, method: string): void {
  server.answer(({ kind }) => kind === method);
}

describe.each(calls)('the error of a call names it: %s', (name, method, call) => {
  it('when it times out', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    ignore(server, method);

    await expect(call(session, { timeout: 50 })).rejects.toThrow(`${name}: timed out after 50 ms (no response)`);
  });

  it('when it is cancelled', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    ignore(server, method);

    await expect(call(session, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'RequestCancelledError',
      message: `${name}: cancelled`,
    });
  });

  it('when the connection is lost', async () => {
    const server = await stage.server({ ids: 'none' });
    const { session } = await stage.connected(server);
    server.answer(({ kind, to }) => kind === method && Boolean(to.destroy()));

    await expect(call(session, {})).rejects.toMatchObject({
      name: 'ConnectionLostError',
      message: expect.stringMatching(`^${name}: sending failed \\(.+\\)$`),
    });
  });

  it('when its response stream is cut', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    server.answer(({ kind, to }) => {
      if (kind !== method) return false;
      to.writeHead(200, { 'content-type': 'text/event-stream' }).end(': bye\n\n');
      return true;
    });

    await expect(call(session, {})).rejects.toMatchObject({
      name: 'ConnectionLostError',
      message: `${name}: the response stream ended before the response arrived (event stream: ended by the server)`,
    });
  });

  it('when the server rejects it', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    server.answer((incoming) => incoming.kind === method && plain(incoming, 502, 'bad gateway'));

    await expect(call(session, {})).rejects.toThrow(`${name}: HTTP 502: bad gateway`);
  });
});

it('names a tool of protocol 2026-07-28', async () => {
  const server = await startStubServer();
  stage.after(() => server.close());
  const session = new MCPSession(new HttpConnector(server.url, { engine: modern() }));
  stage.after(() => session.disconnect());
  await session.connect();

  server.onCall((to) => void to.writeHead(502).end('bad gateway'));
  await expect(session.callTool('search')).rejects.toThrow('tools/call "search": HTTP 502: bad gateway');
  server.onCall((to) => void to.destroy());
  await expect(session.callTool('search')).rejects.toThrow(/^tools\/call "search": sending failed \(.+\)$/);
  server.onCall(() => undefined);
  await expect(session.callTool('search', {}, { timeout: 50 })).rejects.toThrow('tools/call "search": timed out');
});

it.each([
  ['https://example.com/a?key=secret', 'https://example.com/a'],
  ['https://user:secret@example.com/a#secret', 'https://example.com/a'],
  ['notes://a@b/c', 'notes://b/c'],
  ['urn:a:b@c', 'urn:a:b@c'],
])('does not contain the parts of a URI that may be secrets: %s', async (uri, shown) => {
  const server = await stage.server();
  const { session } = await stage.connected(server);
  server.answer((incoming) => incoming.kind === 'resources/read' && empty(incoming, 502));

  await expect(session.readResource(uri)).rejects.toThrow(`resources/read "${shown}": HTTP 502`);
});

it('shortens a long name', async () => {
  const server = await stage.server();
  const { session } = await stage.connected(server);
  server.answer((incoming) => incoming.kind === 'tools/call' && empty(incoming, 502));

  await expect(session.callTool('x'.repeat(1_000))).rejects.toThrow(/^tools\/call "x{99}…": HTTP 502/);
});
