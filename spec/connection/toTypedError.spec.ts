import { UnauthorizedError as SdkUnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { SseError } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { ConnectionLostError, isRetryable } from 'rx-mcp';
import { runInNewContext } from 'node:vm';
import { toTypedError } from '../../lib/connection/toTypedError';

const withCode = (message: string, code: string): Error => Object.assign(new Error(message), { code });

describe('toTypedError', () => {
  it.each<[string, unknown, object]>([
    [
      "an answer of the server, without the SDK's prefix",
      new McpError(-32050, 'No', { a: 1 }),
      { name: 'ServerError', message: 'No', code: -32050, data: { a: 1 }, retryable: false },
    ],
    ['missing authorization', new SdkUnauthorizedError(), { name: 'UnauthorizedError', retryable: false }],
    [
      'a status that speaks of time',
      new StreamableHTTPError(503, 'busy'),
      { name: 'ConnectionFailedError', status: 503, retryable: true },
    ],
    [
      'a status that does not',
      new StreamableHTTPError(400, 'bad'),
      { name: 'ConnectionFailedError', status: 400, retryable: false },
    ],
    ['401', new StreamableHTTPError(401, 'who?'), { name: 'UnauthorizedError', retryable: false }],
    ['403 of the old transport', new SseError(403, 'no', new Event('error')), { name: 'UnauthorizedError' }],
    [
      'what does not fit a schema',
      ResultSchema.safeParse(7).error,
      { name: 'ServerError', code: -32603, message: "calling: the server's answer does not fit the protocol" },
    ],
    [
      'a reason that is wrapped',
      new TypeError('fetch failed', { cause: withCode('connect ECONNREFUSED', 'ECONNREFUSED') }),
      { name: 'ConnectionFailedError', message: 'calling: connect ECONNREFUSED', retryable: true },
    ],
    ['a command that is not there', withCode('spawn x ENOENT', 'ENOENT'), { retryable: false }],
    ['a file that may not be run', withCode('spawn x EACCES', 'EACCES'), { retryable: false }],
    ['an error with no message', withCode('', 'EPIPE'), { message: 'calling: EPIPE', retryable: true }],
    ['what is no error at all', 'a string', { message: 'calling: a string', retryable: true }],
    [
      'an error of another realm',
      runInNewContext('Object.assign(new Error("spawn x ENOENT"), { code: "ENOENT" })'),
      { message: 'calling: spawn x ENOENT', retryable: false },
    ],
    [
      'a version that is not spoken here',
      new Error("Server's protocol version is not supported: 1999-01-01"),
      { name: 'ConnectionFailedError', retryable: false },
    ],
  ])('makes a typed error of %s, which is its cause', (_, cause, expected) => {
    const error = toTypedError(cause, 'calling');

    expect({ ...error, name: error.name, message: error.message }).toMatchObject(expected);
    expect(error.cause).toBe(cause);
    expect(isRetryable(error)).toBe('retryable' in error && error.retryable);
  });

  it('leaves an error that is typed as it is', () => {
    const error = new ConnectionLostError('gone');

    expect(toTypedError(error, 'calling')).toBe(error);
  });
});
