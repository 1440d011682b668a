import { httpError } from '../../../lib/client/http/httpError';
import { ConnectionFailedError } from '../../../lib/errors';

const refused = { operation: 'listening', isExpired: false, hasSession: true };
const answer = (status: number, headers?: HeadersInit): Response => new Response(null, { status, headers });

describe('httpError', () => {
  it('contains the operation, the status and the body', () => {
    const error = httpError(answer(503), '  out to lunch\n', refused);

    expect(error).toBeInstanceOf(ConnectionFailedError);
    expect(error).toMatchObject({ message: 'listening: HTTP 503: out to lunch', status: 503, retryable: true });
  });

  it('truncates the body', () => {
    expect(httpError(answer(500), 'x'.repeat(100_000), refused).message.length).toBeLessThan(300);
  });

  it('contains the status text without a body', () => {
    expect(httpError(new Response(null, { status: 502, statusText: 'Bad Gateway' }), '', refused).message).toBe(
      'listening: HTTP 502: Bad Gateway',
    );
    expect(httpError(answer(502), '', refused).message).toBe('listening: HTTP 502');
  });

  it.each([
    [400, false],
    [404, false],
    [405, false],
    [408, true],
    [409, true],
    [425, true],
    [429, true],
    [500, true],
    [503, true],
  ])('has the status %d, and is retryable: %p', (status, retryable) => {
    expect(httpError(answer(status), '', refused)).toMatchObject({ name: 'ConnectionFailedError', status, retryable });
  });

  it.each([401, 403])('is an UnauthorizedError for status %d', (status) => {
    expect(httpError(answer(status), '', refused)).toMatchObject({ name: 'UnauthorizedError', retryable: false });
  });

  it.each(['Invalid Host: evil.example', '{"error":{"message":"Invalid Origin header: null"}}'])(
    'is a ConnectionFailedError that is not retryable for status 403 with the text %s',
    (text) => {
      const expected = { name: 'ConnectionFailedError', status: 403, retryable: false };
      expect(httpError(answer(403), text, refused)).toMatchObject(expected);
    },
  );

  it('is a SessionExpiredError for an expired session with any status', () => {
    for (const status of [404, 400]) {
      const error = httpError(answer(status), '', { ...refused, isExpired: true });
      expect(error).toMatchObject({ name: 'SessionExpiredError', retryable: true });
    }
  });

  it('names the CORS header if no session id was received', () => {
    const initialized = { operation: 'notifications/initialized', isExpired: false };
    const hint = 'Access-Control-Expose-Headers';

    expect(httpError(answer(400), '', { ...initialized, hasSession: false }).message).toContain(hint);
    expect(httpError(answer(400), '', { ...initialized, hasSession: true }).message).not.toContain(hint);
    expect(httpError(answer(400), '', { ...refused, hasSession: false }).message).not.toContain(hint);
  });

  describe('with a Retry-After', () => {
    const retryAfter = (value: string): unknown => {
      const error = httpError(answer(503, { 'retry-after': value }), '', refused);
      return error instanceof ConnectionFailedError ? error.retryAfter : error;
    };

    it('converts seconds to milliseconds', () => {
      expect(retryAfter('120')).toBe(120_000);
      expect(retryAfter(' 1 ')).toBe(1000);
    });

    it('converts a date to the remaining milliseconds', () => {
      const before = Date.now();
      const delay = retryAfter(new Date(before + 60_000).toUTCString());

      // Dates have a resolution of one second, and time passes during the test.
      expect(delay).toBeGreaterThan(58_000 - (Date.now() - before));
      expect(delay).toBeLessThanOrEqual(60_000);
    });

    it.each(['0', '-5', 'soon', '', new Date(0).toUTCString()])('ignores an invalid value: %p', (value) => {
      expect(retryAfter(value)).toBeUndefined();
    });
  });

  it('has no retryAfter without the header', () => {
    expect(httpError(answer(503), '', refused)).toMatchObject({ retryAfter: undefined });
  });
});
