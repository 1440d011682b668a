import { NEVER, type Observable, of, throwError, VirtualTimeScheduler } from 'rxjs';
import { keepAlive$ } from '../../../lib/client/connection/keepAlive';
import { ConnectionFailedError, ServerError, SessionExpiredError } from '../../../lib/errors';

const answered = of({});
const rejected = (status: number) => throwError(() => new ConnectionFailedError('rejected', { status }));

/** Pings every second, with these outcomes in turn. Returns the number of pings and the error. */
function ping(...outcomes: Observable<object>[]) {
  const scheduler = new VirtualTimeScheduler();
  scheduler.maxFrames = (outcomes.length + 1) * 1_000;
  let pings = 0;
  let error: unknown;
  const request$ = () => outcomes[pings++] ?? answered;
  keepAlive$({ request$ }, 1_000, scheduler).subscribe({
    error: (cause: unknown) => {
      error = cause;
    },
  });
  scheduler.flush();
  return { pings, error };
}

describe('keepAlive$', () => {
  it('pings once per interval', () => {
    expect(ping(answered, answered)).toEqual({ pings: 3, error: undefined });
  });

  it('errors if a ping is not answered within the interval', () => {
    expect(ping(answered, NEVER)).toMatchObject({ pings: 2, error: { message: 'ping: timed out after 1000 ms' } });
  });

  it('continues if the server does not know pings', () => {
    const unknownMethod = throwError(() => new ServerError('unknown method', { code: -32601 }));
    expect(ping(unknownMethod, answered)).toEqual({ pings: 3, error: undefined });
  });

  it.each([500, 502, 503, 504, 408])('continues if a ping is rejected with %d twice', (status) => {
    const twice = [rejected(status), rejected(status)];
    expect(ping(...twice, answered, ...twice)).toEqual({ pings: 6, error: undefined });
  });

  it('errors if three pings in a row are rejected', () => {
    expect(ping(rejected(503), rejected(502), rejected(503))).toMatchObject({ pings: 3, error: { status: 503 } });
  });

  it('continues for any number of pings that exceed a rate limit', () => {
    expect(ping(...Array.from({ length: 9 }, () => rejected(429)))).toEqual({ pings: 10, error: undefined });
  });

  it.each([
    ['a permanent status', rejected(404)],
    ['a network error', throwError(() => new ConnectionFailedError('refused'))],
    ['a forgotten session', throwError(() => new SessionExpiredError('expired'))],
  ])('errors with %s', (_, outcome) => {
    expect(ping(outcome)).toMatchObject({ pings: 1, error: expect.any(Error) });
  });
});
