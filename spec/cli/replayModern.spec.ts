import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { HttpConnector, listChanged, MCPSession, type Notification } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { recording } from 'rx-mcp/testing';
import { programArgs } from '../rig/programArgs';
import { startModernServer } from '../rig/startModernServer';
import { useCli } from './runCli';

const { folder, run, start } = useCli();
const file = 'modern.mcp.jsonl';
const cli = programArgs('lib/cli/main.ts');

/** Starts `rx-mcp replay` and returns its URL. */
async function replay(...args: string[]) {
  const { child, ended } = start('replay', file, ...args);
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url,
    async stop() {
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ code: 0, stderr: '' });
    },
  };
}

/** A session of protocol 2026-07-28 that calls tools and follows the list of tools. */
const modernSession = (url: string) => new MCPSession(new HttpConnector(url, { engine: modern() }));
const named = (name: string) => (tools: readonly { name: string }[]) => tools.some((tool) => tool.name === name);

async function use(session: MCPSession) {
  const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
  const added = firstValueFrom(session.tools$.pipe(filter(named('weather'))));
  await session.connect();
  await firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
  const events = await lastValueFrom(session.callTool$('long_task', { steps: 2 }).pipe(toArray()));
  await session.callTool('toggle_tool', { name: 'weather' });
  const tools = (await added).map(({ name }) => name);
  const notification: Notification = await changed;
  return {
    tools,
    method: notification.method,
    events: events.map((event) => ({ ...event, progressToken: undefined })),
  };
}

describe('rx-mcp replay, protocol 2026-07-28', () => {
  let used: Awaited<ReturnType<typeof use>>;

  beforeAll(async () => {
    const server = await startModernServer();
    const lines: string[] = [];
    const session = new MCPSession(
      recording(new HttpConnector(server.url, { engine: modern() }), (line) => lines.push(line)),
    );
    used = await use(session);
    await session.disconnect();
    await server.stop();
    writeFileSync(join(folder, file), lines.join('\n'));
  });

  it('serves calls with progress, lists and changes over HTTP, at the recorded times', async () => {
    const { url, stop } = await replay();
    const session = modernSession(url);

    expect(await use(session)).toEqual(used);
    expect(session.protocolVersion).toBe('2026-07-28');
    await expect(session.callTool('never')).rejects.toThrow('replaying: tools/call "never" is not in the recording');
    await session.disconnect();
    await stop();
  });

  it('serves the same without delays', async () => {
    const { url, stop } = await replay('--pace', 'asap');
    const session = modernSession(url);
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.connect();

    expect((await changed).method).toBe('notifications/tools/list_changed');
    const events = await lastValueFrom(session.callTool$('long_task', { steps: 2 }).pipe(toArray()));
    expect(events.map(({ kind }) => kind)).toEqual(['progress', 'progress', 'result']);
    await session.disconnect();
    await stop();
  });

  it('serves a client of the SDK, and another one with the same ids at the same time', async () => {
    const { url, stop } = await replay('--pace', 'asap');
    const clients = [1, 2].map(
      () => new Client({ name: 'spec', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
    );
    await Promise.all(clients.map((client) => client.connect(new StreamableHTTPClientTransport(new URL(url)))));

    const lists = await Promise.all(clients.map((client) => client.listTools()));
    for (const { tools } of lists) expect(tools.map(({ name }) => name)).toContain('long_task');
    await Promise.all(clients.map((client) => client.close()));
    await stop();
  });

  it('is detected by a client that tries the older protocol first', async () => {
    const { url, stop } = await replay('--pace', 'asap');

    const { code, stdout } = await run('list', url, 'tools');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('long_task\t') });
    await stop();
  });

  it('rejects requests that are not part of the protocol', async () => {
    const { url, stop } = await replay();
    const post = (body: string) =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then(
        ({ status }) => status,
      );

    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(new URL('/other', url), { method: 'POST' })).status).toBe(404);
    expect(await post('{')).toBe(400);
    expect(await post('x'.repeat(5 * 2 ** 20))).toBe(400);
    expect(await post('{"jsonrpc":"2.0","method":"notifications/cancelled"}')).toBe(202);
    await stop();
  });

  it('serves standard input and output', async () => {
    const { code, stdout } = await run(
      'list',
      'tools',
      '--',
      process.execPath,
      ...cli,
      'replay',
      join(folder, file),
      '--stdio',
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('long_task\t') });
  });
});
