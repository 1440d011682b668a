import fc from 'fast-check';
import { loggingLevels } from '../../lib/notification/notificationMap';
import type { Notification } from '../../lib/protocol/types';
import { vocabulary } from './vocabulary';

const { custom, lists, tokens, uris } = vocabulary;
const wrong = fc.constantFrom<unknown>(null, {}, true);

/** Generates any notification, of the protocol or not, with valid or invalid params. */
export const anyNotification: fc.Arbitrary<Notification> = fc.oneof(
  fc.record<Notification>({ method: fc.constantFrom(...custom), params: fc.record({ n: fc.oneof(fc.nat(9), wrong) }) }),
  fc.record<Notification>({
    method: fc.constant('notifications/progress'),
    params: fc.record({ progressToken: fc.oneof(fc.constantFrom<unknown>(...tokens), wrong), progress: fc.nat(9) }),
  }),
  fc.record<Notification>({
    method: fc.constant('notifications/resources/updated'),
    params: fc.record({ uri: fc.oneof(fc.constantFrom<unknown>(...uris), wrong) }),
  }),
  fc.record<Notification>({
    method: fc.constant('notifications/message'),
    params: fc.record({ level: fc.oneof(fc.constantFrom<unknown>(...loggingLevels), wrong), data: fc.nat(9) }),
  }),
  fc.constantFrom(...lists).map((kind): Notification => ({ method: `notifications/${kind}/list_changed` })),
);
