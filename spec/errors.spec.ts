import { ConfigError, ConnectionLostError, ServerError, SessionClosedError } from 'rx-mcp';

describe('an error as JSON', () => {
  it('has the name, the message and the own members', () => {
    const error = new ServerError('tools/call: failed', { code: -32_602, data: { path: 'a' } });
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({
      error: {
        name: 'ServerError',
        message: 'tools/call: failed',
        retryable: false,
        code: -32_602,
        data: { path: 'a' },
      },
    });
    expect(JSON.parse(JSON.stringify(new ConfigError('url: invalid', { path: 'url', server: 'files' })))).toEqual({
      name: 'ConfigError',
      message: 'url: invalid',
      retryable: false,
      path: 'url',
      server: 'files',
    });
  });

  it('has neither the stack nor the cause', () => {
    const cause = new Error('Bearer abc');
    const error = new SessionClosedError('the session is closed', {
      cause: new ConnectionLostError('lost', { cause }),
    });
    expect(JSON.stringify(error)).not.toMatch(/abc|stack|cause|lost/);
  });
});
