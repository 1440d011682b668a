import { backoff, type BackoffOptions, ConnectionFailedError } from 'rx-mcp';
import { defer, retry, throwError, VirtualTimeScheduler } from 'rxjs';

const maxDelay = 30_000;

/** Returns the times of the attempts at a source that fails immediately, within a duration of virtual time. */
function attemptsIn(duration: number, options: BackoffOptions): number[] {
  const scheduler = new VirtualTimeScheduler(undefined, duration);
  const attempts: number[] = [];
  defer(() => {
    attempts.push(scheduler.now());
    return throwError(() => new ConnectionFailedError('at once'));
  })
    .pipe(retry(backoff({ scheduler, ...options })))
    .subscribe();
  scheduler.flush();
  return attempts;
}

describe('the policy, with a source that always fails immediately', () => {
  it('makes at most one attempt per maxDelay without jitter', () => {
    const settled = attemptsIn(1_000 * maxDelay, { jitter: 'none' }).filter((at) => at > 2 * maxDelay);

    expect(settled.length).toBeGreaterThan(900);
    for (const [index, at] of settled.entries()) {
      if (index > 0) expect(at - settled[index - 1]!).toBeGreaterThanOrEqual(maxDelay);
    }
  });

  it('makes two attempts per maxDelay on average with full jitter', () => {
    const settled = attemptsIn(10_000 * maxDelay, {}).filter((at) => at > 2 * maxDelay);

    expect(settled.length / 10_000).toBeGreaterThan(1.8);
    expect(settled.length / 10_000).toBeLessThan(2.2);
    for (const [index, at] of settled.entries()) {
      if (index > 0) expect(at - settled[index - 1]!).toBeLessThanOrEqual(maxDelay);
    }
  });

  it('makes few attempts before maxDelay is reached', () => {
    expect(attemptsIn(maxDelay, { jitter: 'none' })).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500]);
  });
});
