import { EMPTY, type ObservableInput, Subject, throwError } from 'rxjs';
import { skipDelayOn, retryWith, type RetryPolicy } from '../../../../lib/client/connection/retry/retryWith';
import { marbles } from '../../../notification/marbles';

const failure = new Error('failed');
const waitingFor =
  (until$: ObservableInput<unknown>): RetryPolicy =>
  () => ({ attempt: 3, delay: 7, notifier$: until$ });

describe('a wait that can be cut short', () => {
  it(
    'lasts until it is over, or until somebody is in a hurry, whichever comes first',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source$ = cold('       --#', undefined, failure);
      const until$ = cold('          -----u');
      const hurry$ = hot('         ----h------------h-');
      const expected = '           -------------------';

      const tried$ = source$.pipe(
        retryWith(
          () => skipDelayOn(waitingFor(until$), hurry$),
          () => undefined,
        ),
      );

      expectObservable(tried$, '   ^-----------!').toBe(expected);
      expectSubscriptions(source$.subscriptions).toBe(['^-!', '----^-!', '-----------^!']);
      expectSubscriptions(until$.subscriptions).toBe(['--^-!', '------^----!']);
    }),
  );

  it('is as it was decided: which attempt, and how long it was to be', () => {
    expect(skipDelayOn(waitingFor(EMPTY), new Subject())(failure)).toMatchObject({ attempt: 3, delay: 7 });
  });

  it(
    'ends the retries when its notifier ends, or errors',
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

  it('is left alone where nobody can be in a hurry', () => {
    const waits = waitingFor(EMPTY);

    expect(skipDelayOn(waits, undefined)).toBe(waits);
  });

  it('lets an error through that is to end the retries', () => {
    const refuse: RetryPolicy = (error) => {
      throw error;
    };

    expect(() => skipDelayOn(refuse, new Subject())(failure)).toThrow(failure);
  });
});
