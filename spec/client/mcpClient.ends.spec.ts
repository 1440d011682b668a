import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MCPClient, SessionClosedError } from 'rx-mcp';
import { firstValueFrom, take, toArray } from 'rxjs';
import { useStage } from '../rig/useStage';
import { runs } from '../rig/runs';
import { stdioFaultServerCommand } from '../rig/stdio/stdioFaultServerCommand';

const stage = useStage();

/** Starts a server in its own process, which writes its id to a file. */
async function program(): Promise<{
  config: { command: string; args: string[]; stderr: 'ignore' };
  pid: () => Promise<number>;
}> {
  const directory = await mkdtemp(join(tmpdir(), 'spec-'));
  stage.after(() => rm(directory, { recursive: true }));
  const file = join(directory, 'pid');
  const { command, args } = stdioFaultServerCommand();
  const note = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(file)}, String(process.pid));`;
  return {
    config: {
      command,
      args: ['--import', `data:text/javascript,${encodeURIComponent(note)}`, ...args],
      stderr: 'ignore',
    },
    pid: async () => Number(await readFile(file, 'utf8')),
  };
}

describe('an MCPClient that ends sessions', () => {
  it('resolves removeServer() when the process has exited, and removes the server', async () => {
    const { config, pid } = await program();
    const client = new MCPClient({ mcpServers: { program: config } });
    await client.createSession('program');
    const id = await pid();
    expect(runs(id)).toBe(true);

    await client.removeServer('program');

    expect(runs(id)).toBe(false);
    expect([...client.sessions.keys()]).toEqual([]);
    expect(() => client.session('program')).toThrow('"program"');
  });

  it('ends all of them in closeAllSessions(), also on their servers, and creates new ones afterwards', async () => {
    const server = await stage.server();
    const { config, pid } = await program();
    const client = new MCPClient({
      mcpServers: { one: { url: server.url }, two: { url: server.url }, program: config },
    });
    await client.createAllSessions();
    expect(await server.counts()).toMatchObject({ sessions: 2 });

    await client.closeAllSessions();

    expect(runs(await pid())).toBe(false);
    await server.until(({ sessions, sockets }) => sessions === 0 && sockets === 0);
    await (await client.createSession('one')).ping();
    await client.closeAllSessions();
    await server.until(({ sessions }) => sessions === 0);
  });

  it('rejects a pending createSession(), and leaves nothing open', async () => {
    const { config, pid } = await program();
    const client = new MCPClient({ mcpServers: { program: config } });
    const creating = client.createSession('program');
    const outcome = expect(creating).rejects.toBeInstanceOf(SessionClosedError);

    await client.closeAllSessions();

    await outcome;
    const id = await pid().catch(() => undefined);
    expect(id === undefined || !runs(id)).toBe(true);
    await expect(creating).rejects.toMatchObject({ server: 'program' });
  });

  it('ends all of them when it is disposed of', async () => {
    const server = await stage.server();

    {
      await using client = new MCPClient({ mcpServers: { web: { url: server.url } } });
      await client.createAllSessions();
    }

    await server.until(({ sessions, sockets }) => sessions === 0 && sockets === 0);
  });
});

describe('sessions that are created more than once', () => {
  it('are created once if requested concurrently', async () => {
    const server = await stage.server();
    const client = new MCPClient({ mcpServers: { web: { url: server.url } } });
    stage.after(() => client.closeAllSessions());

    const sessions = await Promise.all([client.createSession('web'), client.createSession('web')]);
    const { web } = await client.createAllSessions();

    expect(sessions).toEqual([web, web]);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 1 });
  });

  it('connect again after a failure and keep their subscribers', async () => {
    const server = await stage.server();
    await server.kill();
    const client = new MCPClient({ mcpServers: { web: { url: server.url }, other: { url: server.url } } });
    stage.after(() => client.closeAllSessions());
    const received = firstValueFrom(client.notifications$.pipe(take(2), toArray()));
    await expect(client.createAllSessions()).rejects.toMatchObject({
      message: 'connecting: 2 of 2 servers failed (web, other)',
      errors: [{ server: 'web' }, { server: 'other' }],
    });

    await server.restart();
    await client.createAllSessions();
    await server.waitFor({ type: 'stream-open', method: 'GET' }, { nth: 2 });
    await server.notify('custom/hello', { a: 1 });

    const notification = { method: 'custom/hello', params: { a: 1 } };
    expect(await received).toEqual(
      expect.arrayContaining([
        { server: 'web', notification },
        { server: 'other', notification },
      ]),
    );
  });
});
