import { ServerNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import fc from 'fast-check';
import { map, Subject, takeUntil } from 'rxjs';
import { createHub } from '../../lib/notification/hub';
import type { Notification } from '../../lib/protocol/types';
import { anyNotification } from './anyNotification';
import { type Candidate, candidate } from './candidate';
import { record } from '../rig/record';

type Step =
  | { type: 'subscribe' | 'subscribe in the next callback'; candidate: Candidate }
  | { type: 'end'; index: number }
  | { type: 'send'; notification: Notification };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('subscribe', 'subscribe in the next callback'),
      candidate,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('end'), index: fc.nat(15) }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('send'), notification: anyNotification }) },
);

/** Whether a notification is defined by the protocol and violates its definition. */
function isWrong({ method, params }: Notification): boolean {
  return method.startsWith('notifications/') && !ServerNotificationSchema.safeParse({ method, params }).success;
}

/** Subscribers of one session, with the values that each receives by routes and by a filter, and the expected values. */
function createTrial() {
  const hub = createHub();
  const foreign$ = hub.notifications$.pipe(map((notification) => notification));
  const subscribers: {
    candidate: Candidate;
    end$: Subject<void>;
    ended: boolean;
    received: { routed: unknown[]; filtered: unknown[] };
    expected: unknown[];
  }[] = [];
  const coming: Candidate[] = [];
  const errors = record(hub.errors$).seen;
  let expectedErrors = 0;
  hub.notifications$.subscribe(() => coming.splice(0).forEach(subscribe));

  function subscribe(each: Candidate): void {
    const end$ = new Subject<void>();
    const routed = record(hub.notifications$.pipe(each.operator, takeUntil(end$))).seen;
    const filtered = record(foreign$.pipe(each.operator, takeUntil(end$))).seen;
    subscribers.push({ candidate: each, end$, ended: false, received: { routed, filtered }, expected: [] });
  }

  function end(index: number): void {
    const subscriber = subscribers[index];
    if (!subscriber || subscriber.ended) return;
    subscriber.ended = true;
    subscriber.expected.push('complete');
  }

  function expectOf(notification: Notification): void {
    if (isWrong(notification)) {
      expectedErrors++;
      return;
    }
    const live = subscribers.filter(({ ended }) => !ended);
    for (const { candidate: each, expected } of live) {
      const value = each.model(notification);
      if (value !== undefined) expected.push(value);
    }
    // Parsed once, regardless of the number of subscribers with the schema.
    const isChecked = live.some(({ candidate: each }) => each.checked === notification.method);
    if (isChecked && typeof notification.params?.['n'] !== 'number') expectedErrors++;
  }

  return {
    take(each: Step): void {
      if (each.type === 'send') {
        expectOf(each.notification);
        hub.push(each.notification);
      } else if (each.type === 'end') {
        end(each.index);
        subscribers[each.index]?.end$.next();
      } else if (each.type === 'subscribe') {
        subscribe(each.candidate);
      } else {
        coming.push(each.candidate);
      }
    },
    complete(): void {
      subscribers.forEach((_, index) => end(index));
      hub.complete();
    },
    check(): void {
      for (const { received, expected } of subscribers)
        expect(received).toEqual({ routed: expected, filtered: expected });
      expect(errors.filter((error) => error !== 'complete')).toHaveLength(expectedErrors);
    },
  };
}

describe("operators, on a session's stream and on any other", () => {
  it('give the same results as a filter', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const state = createTrial();
        for (const each of steps) state.take(each);
        state.check();
        state.complete();
        state.check();
      }),
      { numRuns: 500 },
    );
  });
});
