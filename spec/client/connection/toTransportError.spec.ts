import { UnauthorizedError as SdkUnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { JSONRPCMessageSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { ConnectionLostError } from '../../../lib';
import { toTransportError } from '../../../lib/client/connection/toTransportError';

/** Returns what an action throws. */
function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (cause) {
    return cause;
  }
  throw new Error('nothing was thrown');
}

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

describe('toTransportError', () => {
  it.each([
    ['an McpError', new McpError(-32602, 'no', { a: 1 }), { name: 'ServerError', message: 'no', code: -32602 }],
    [
      'a ZodError',
      thrownBy(() => JSONRPCMessageSchema.parse({})),
      { name: 'ServerError', message: 'sending: invalid response from server', data: expect.any(Array) as unknown },
    ],
    [
      'an UnauthorizedError of the SDK',
      new SdkUnauthorizedError(),
      { name: 'UnauthorizedError', message: 'sending: authorization required' },
    ],
    [
      'a status',
      new StreamableHTTPError(503, 'cyclic outage'),
      { name: 'ConnectionFailedError', status: 503, retryable: true },
    ],
    [
      'a missing command',
      Object.assign(new Error('spawn x ENOENT'), { code: 'ENOENT' }),
      { name: 'ConnectionFailedError', message: 'sending: spawn x ENOENT', retryable: false },
    ],
    ['a message that JSON cannot represent', thrownBy(() => JSON.stringify(cyclic)), { retryable: false }],
    ['any other error', new Error('no'), { name: 'ConnectionFailedError', message: 'sending: no', retryable: true }],
    ['a value that is not an error', 'no', { message: 'sending: no', retryable: true }],
  ])('converts %s', (_, cause, expected) => {
    expect(toTransportError(cause, 'sending')).toMatchObject(expected);
  });

  it('returns a typed error unchanged', () => {
    const error = new ConnectionLostError('sending: circular');

    expect(toTransportError(error, 'sending')).toBe(error);
  });
});
