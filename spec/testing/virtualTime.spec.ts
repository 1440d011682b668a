import { backoff, ConnectionLostError } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { concat, defer, EMPTY, interval, map, merge, NEVER, of, retry, take, throwError, timer } from 'rxjs';

describe('advance', () => {
  it('runs due work in order, and stops at its time', async () => {
    const time = virtualTime();
    const seen: string[] = [];
    timer(30, time.scheduler).subscribe(() => seen.push(`30 at ${time.now()}`));
    timer(10, time.scheduler).subscribe(() => seen.push(`10 at ${time.now()}`));
    timer(31, time.scheduler).subscribe(() => seen.push('31'));
    await time.advance(30);
    expect(seen).toEqual(['10 at 10', '30 at 30']);
    expect(time.now()).toBe(30);
  });

  it('settles chains of promises between frames', async () => {
    const time = virtualTime();
    const seen: number[] = [];
    async function afterManyPromises(): Promise<void> {
      for (let step = 0; step < 1_000; step++) await Promise.resolve();
      timer(10, time.scheduler).subscribe(() => seen.push(time.now()));
    }
    timer(10, time.scheduler).subscribe(() => void afterManyPromises());
    await time.advance(100);
    expect(seen).toEqual([20]);
  });

  it('ends although a policy retries forever', async () => {
    const time = virtualTime();
    let attempts = 0;
    defer(() => {
      attempts++;
      return throwError(() => new ConnectionLostError('lost'));
    })
      .pipe(retry(backoff({ scheduler: time.scheduler, jitter: 'none', initialDelay: 1_000, maxDelay: 1_000 })))
      .subscribe();
    await time.advance(60_000);
    expect(attempts).toBe(61);
  });

  it('runs a day of backoff', async () => {
    const time = virtualTime();
    let attempts = 0;
    defer(() => {
      attempts++;
      return throwError(() => new ConnectionLostError('lost'));
    })
      .pipe(retry(backoff({ scheduler: time.scheduler, jitter: 'none' })))
      .subscribe();
    await time.advance(86_400_000);
    expect(attempts).toBe(2_885);
  });

  it('rejects if due work throws', async () => {
    const time = virtualTime();
    time.scheduler.schedule(() => {
      throw new Error('from the work');
    }, 5);
    await expect(time.advance(10)).rejects.toThrow('from the work');
    await expect(time.advance(-1)).rejects.toThrow('ms: expected a number >= 0, got -1');
  });

  it('does not depend on fake timers of a test runner', async () => {
    jest.useFakeTimers();
    const time = virtualTime();
    const seen = time.watch(timer(1_000, time.scheduler));
    await time.advance(1_000);
    jest.useRealTimers();
    expect(seen.frames).toEqual([[1_000, 0]]);
  });
});

describe('watch', () => {
  it('records emissions with their times, and how the source ended', async () => {
    const time = virtualTime();
    await time.advance(5);
    const letters = time.watch(interval(2, time.scheduler).pipe(take(2)));
    const failed = time.watch(
      concat(
        of('x'),
        throwError(() => new Error('broken')),
      ),
    );
    const open = time.watch(NEVER);
    await time.advance(10);
    expect(letters.frames).toEqual([
      [7, 0],
      [9, 1],
    ]);
    expect([letters.completed, failed.completed, open.completed]).toEqual([true, false, false]);
    expect(failed.error).toEqual(new Error('broken'));
  });

  it('draws marbles in the syntax of RxJS', async () => {
    const time = virtualTime();
    const { scheduler } = time;
    const at = (ms: number, value: unknown) => timer(ms, scheduler).pipe(map(() => value));
    const states = time.watch(
      merge(NEVER, of({ state: 'connected' }), at(3, { state: 'reconnecting' }), at(1_003, { state: 'connected' })),
    );
    const numbers = time.watch(merge(at(2, 1), at(2, 2), at(20, 1)));
    const empty = time.watch(EMPTY);
    const kinds = time.watch(merge(at(1, { kind: 'progress' }), at(1, { method: 'a/b' }), at(1, null)));
    await time.advance(2_000);
    expect(states.marbles({ connected: 'C', reconnecting: 'R' })).toBe('C--R 999ms C');
    expect(numbers.marbles()).toBe('--(ab) 14ms (a|)');
    expect(empty.marbles()).toBe('|');
    expect(kinds.marbles({ progress: 'p', 'a/b': 'm' })).toBe('-(pm?|)');
    expect(numbers.marbles((value) => String(value))).toBe('--(12) 14ms (1|)');
  });

  it('records nothing after it was unsubscribed', async () => {
    const time = virtualTime();
    const seen = time.watch(interval(1, time.scheduler));
    await time.advance(2);
    seen.unsubscribe();
    await time.advance(10);
    expect(seen.frames).toHaveLength(2);
  });
});
