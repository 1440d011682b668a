import fc from 'fast-check';
import type { OperatorFunction } from 'rxjs';
import { z } from 'zod';
import { listChanged } from '../../lib/notification/listChanged';
import { logMessage } from '../../lib/notification/logMessage';
import { loggingLevels } from '../../lib/notification/notificationMap';
import { ofMethod } from '../../lib/notification/ofMethod';
import { progressOf } from '../../lib/notification/progressOf';
import { resourceUpdated } from '../../lib/notification/resourceUpdated';
import type { Notification } from '../../lib/protocol/types';
import { vocabulary } from './vocabulary';

const { custom, lists, tokens, uris } = vocabulary;
const counted = z.object({ n: z.number() }).transform(({ n }) => ({ double: n * 2 }));

/** An operator, and its result for a valid notification, or `undefined` if it drops the notification. */
export interface Candidate {
  operator: OperatorFunction<Notification, unknown>;
  model(notification: Notification): unknown;
  /** The method whose params it validates with a schema. */
  checked?: string;
}

const ofMethods = fc.array(fc.constantFrom<string>(...custom, 'notifications/progress'), {
  minLength: 1,
  maxLength: 4,
});
/** Generates any operator. */
export const candidate: fc.Arbitrary<Candidate> = fc.oneof(
  ofMethods.map((methods): Candidate => ({
    operator: ofMethod(...methods),
    model: (notification) => (methods.includes(notification.method) ? notification : undefined),
  })),
  fc.constantFrom(...custom).map((method): Candidate => ({
    operator: ofMethod(method, counted, { onInvalid: 'drop' }),
    model: (sent) => {
      const n = sent.method === method ? sent.params?.['n'] : undefined;
      return typeof n === 'number' ? { method, params: { double: n * 2 } } : undefined;
    },
    checked: method,
  })),
  fc.constantFrom(...tokens).map((token): Candidate => ({
    operator: progressOf(token),
    model: ({ method, params }) =>
      method === 'notifications/progress' && params?.['progressToken'] === token ? params : undefined,
  })),
  fc.subarray([...lists]).map((kinds): Candidate => ({
    operator: listChanged(...kinds),
    model: (notification) =>
      (kinds.length > 0 ? kinds : lists).some((kind) => notification.method === `notifications/${kind}/list_changed`)
        ? notification
        : undefined,
  })),
  fc.option(fc.constantFrom(...uris), { nil: undefined }).map((uri): Candidate => ({
    operator: resourceUpdated(uri),
    model: (notification) =>
      notification.method === 'notifications/resources/updated' &&
      [undefined, notification.params?.['uri']].includes(uri)
        ? notification
        : undefined,
  })),
  fc.constantFrom(...loggingLevels).map((level): Candidate => ({
    operator: logMessage(level),
    model: (notification) =>
      notification.method === 'notifications/message' &&
      loggingLevels.slice(loggingLevels.indexOf(level)).some((above) => above === notification.params?.['level'])
        ? notification
        : undefined,
  })),
);
