import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectionFailedError, isRetryable, MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { stdioFaultServerCommand } from '../../rig/stdio/stdioFaultServerCommand';
import { watchSession } from '../../rig/watchSession';

describe('a command that cannot be started', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spec-'));
    await writeFile(join(directory, 'not-executable'), '#!/bin/sh\n', { mode: 0o644 });
  });

  afterAll(() => rm(directory, { recursive: true }));

  const failures: [string, () => { command: string; cwd?: string }, RegExp][] = [
    ['does not exist', () => ({ command: 'no-such-program' }), /^starting no-such-program: .*ENOENT/],
    [
      'contains arguments, which are not shown',
      () => ({ command: 'npx server --token secret' }),
      /^starting npx: command not found \(arguments must be members of args\)$/,
    ],
    [
      'is not executable',
      () => ({ command: join(directory, 'not-executable') }),
      /^starting .*not-executable: .*EACCES/,
    ],
    [
      'has a working directory that does not exist',
      () => ({ command: process.execPath, cwd: join(directory, 'nowhere') }),
      /^starting .*node in .*nowhere: .*ENOENT/,
    ],
  ];

  it.each(failures)('is a permanent error with command and directory: it %s', async (_, server, message) => {
    const { session, statuses, errors } = watchSession(new MCPSession(new StdioConnector(server())));

    const error: unknown = await session.connect({ retry: true }).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ConnectionFailedError);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect(isRetryable(error)).toBe(false);
    expect(statuses).toEqual([{ state: 'idle' }, { state: 'connecting' }, { state: 'closed', error }]);
    expect(errors).toEqual([]);
    await session.disconnect();
  });

  it('allows connect() of the same session once it exists', async () => {
    const command = join(directory, 'later');
    const { session, statuses } = watchSession(new MCPSession(new StdioConnector({ command, stderr: 'ignore' })));
    await expect(session.connect()).rejects.toMatchObject({ retryable: false });

    const server = stdioFaultServerCommand();
    const script = `#!/bin/sh\nexec ${[server.command, ...server.args].map((word) => `'${word}'`).join(' ')}\n`;
    await writeFile(command, script, { mode: 0o755 });
    await session.connect();
    await session.ping();

    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'closed', 'connecting', 'connected']);
    await session.disconnect();
  });
});
