import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigError, HttpConnector, type HttpConnectorOptions, MCPClient, MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { oauthProvider } from '../rig/oauthProvider';

const secret = 'S3cr3t';
const url = 'http://127.0.0.1:1/mcp';

/** Returns the error of an action, and everything that a console would print of it. */
async function failure(act: () => unknown): Promise<{ error: unknown; shown: string }> {
  try {
    await act();
  } catch (error) {
    return { error, shown: inspect(error, { depth: Infinity, showHidden: true }) };
  }
  throw new Error('It did not fail');
}

const connected = (options: HttpConnectorOptions): Promise<void> =>
  new MCPSession(new HttpConnector(url, options)).connect();

describe('a secret in a configuration', () => {
  it.each([
    ['a user and a password in the URL', () => new HttpConnector(`http://user:${secret}@127.0.0.1/`), 'url'],
    ['only a user in the URL', () => new HttpConnector(new URL(`http://${secret}@127.0.0.1/`)), 'url'],
    ['an invalid URL', () => new HttpConnector(`user:${secret}@127.0.0.1`), 'url'],
    [
      'an invalid header',
      () => new HttpConnector(url, { headers: { authorization: `Bearer\n${secret}` } }),
      'headers.authorization',
    ],
    [
      'an invalid header name',
      () => new HttpConnector(url, { headers: { [`authorization: ${secret}`]: '' } }),
      'headers',
    ],
    [
      'an invalid header in a list',
      () => new HttpConnector(url, { headers: [['x-key', `\0${secret}`]] }),
      'headers.x-key',
    ],
  ])('is not in the error about it: %s', async (_, make, path) => {
    const { error, shown } = await failure(make);

    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ path, retryable: false });
    expect(shown).not.toContain(secret);
  });

  it.each([
    ['url', { url: `http://user:${secret}@127.0.0.1/` }],
    ['headers.authorization', { url, headers: { authorization: `Bearer\n${secret}` } }],
  ])('is not in the error with server and path: %s', async (path, config) => {
    const { error, shown } = await failure(() => new MCPClient({ mcpServers: { web: config } }));

    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ server: 'web', path: `mcpServers.web.${path}` });
    expect(shown).not.toContain(secret);
  });

  it('is not in the error about a file with invalid JSON', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spec-'));
    const path = join(folder, 'mcp.json');

    for (const [text, line] of [
      [`{\n  "mcpServers": { "a": { "env": { "KEY": ${secret} } } } }`, 2],
      [`{\n  "KEY": "${secret}",\n  oops }`, 3],
    ] as const) {
      await writeFile(path, text);
      const { error, shown } = await failure(() => MCPClient.fromConfigFile(path));

      expect(error).toBeInstanceOf(ConfigError);
      expect(error).toMatchObject({ path });
      expect(error).toHaveProperty('message', expect.stringContaining(`${path}:${line}: not valid JSON`));
      expect(shown).not.toContain(secret);
    }
    await rm(folder, { recursive: true });
  });
});

describe('a secret that is sent', () => {
  it.each([
    ['a query', () => new MCPSession(new HttpConnector(`${url}?token=${secret}`)).connect()],
    ['a header', () => connected({ headers: { authorization: `Bearer ${secret}` } })],
    [
      'a header that has become invalid',
      () => {
        const headers = { authorization: 'Bearer good' };
        const connector = new HttpConnector(url, { headers });
        headers.authorization = `Bearer\n${secret}`;
        return new MCPSession(connector).connect();
      },
    ],
    [
      'a token that is invalid in a header',
      () => connected({ authProvider: oauthProvider({ access_token: `\n${secret}`, token_type: 'Bearer' }) }),
    ],
    [
      'a header that a custom fetch adds',
      () => connected({ fetch: (to, init) => fetch(to, { ...init, headers: { 'x-key': `a\n${secret}` } }) }),
    ],
  ])('is not in the error of an attempt: %s', async (_, attempt) => {
    const { error, shown } = await failure(attempt);

    expect(error).toMatchObject({ name: 'ConnectionFailedError' });
    expect(shown).not.toContain(secret);
  });
});

describe('a secret of a command', () => {
  it.each([
    ['an argument', { command: 'no-such-program', args: ['--key', secret] }],
    ['an invalid argument', { command: process.execPath, args: [`\0${secret}`] }],
    ['a variable', { command: 'no-such-program', env: { KEY: secret } }],
    ['an invalid variable', { command: process.execPath, env: { KEY: `\0${secret}` } }],
  ])('is not in the error about a failed start: %s', async (_, server) => {
    const { error, shown } = await failure(() => new MCPSession(new StdioConnector(server)).connect());

    expect(error).toMatchObject({ name: 'ConnectionFailedError', retryable: false });
    expect(shown).not.toContain(secret);
  });
});
