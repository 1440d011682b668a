import { EMPTY, type ObservableInput, Subject, throwError } from 'rxjs';
import { skipDelayOn, retryWith, type RetryPolicy } from '../../../../lib/client/connection/retry/retryWith';
import { marbles } from '../../../notification/marbles';

const failure = new Error('failed');
const waitingFor =
  (until$: ObservableInput<unknown>): RetryPolicy =>
  () => ({ attempt: 3, delay: 7, notifier$: until$ });

describe('skipDelayOn', () => {
  it(
    'waits for the delay or for retryNow$, whichever is first',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source$ = cold('       --#', undefined, failure);
      const until$ = cold('          -----u');
      const retryNow$ = hot('         ----h------------h-');
      const expected = '           -------------------';

      const tried$ = source$.pipe(
        retryWith(
          () => skipDelayOn(waitingFor(until$), retryNow$),
          () => undefined,
        ),
      );

      expectObservable(tried$, '   ^-----------!').toBe(expected);
      expectSubscriptions(source$.subscriptions).toBe(['^-!', '----^-!', '-----------^!']);
      expectSubscriptions(until$.subscriptions).toBe(['--^-!', '------^----!']);
    }),
  );

  it('keeps the attempt and the delay of the decision', () => {
    expect(skipDelayOn(waitingFor(EMPTY), new Subject())(failure)).toMatchObject({ attempt: 3, delay: 7 });
  });

  it(
    'ends the retries when the notifier completes or errors',
    marbles(({ cold, expectObservable }) => {
      const tried = (until$: ObservableInput<unknown>) =>
        cold('-#', undefined, failure).pipe(
          retryWith(
            () => skipDelayOn(waitingFor(until$), new Subject()),
            () => undefined,
          ),
        );

      expectObservable(tried(EMPTY)).toBe('-|');
      expectObservable(tried(throwError(() => failure))).toBe('-#', undefined, failure);
    }),
  );

  it('returns the policy unchanged without retryNow$', () => {
    const waits = waitingFor(EMPTY);

    expect(skipDelayOn(waits, undefined)).toBe(waits);
  });

  it('rethrows the error of a policy that gives up', () => {
    const refuse: RetryPolicy = (error) => {
      throw error;
    };

    expect(() => skipDelayOn(refuse, new Subject())(failure)).toThrow(failure);
  });
});
