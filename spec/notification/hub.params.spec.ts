import { InvalidNotificationError } from '../../lib/errors';
import { createHub, type IncomingMessage } from '../../lib/notification/hub';
import type { Notification } from '../../lib/protocol/types';
import { record } from '../rig/record';

const progress = (progressToken: unknown, done: unknown): Notification => ({
  method: 'notifications/progress',
  params: { progressToken, progress: done },
});

describe('a hub, with params that violate the protocol', () => {
  it.each<[Notification, string]>([
    [progress({}, 1), 'notifications/progress: expected string or number at params.progressToken'],
    [progress('t', 'half'), 'notifications/progress: expected number at params.progress'],
    [
      { method: 'notifications/resources/updated', params: { uri: 1 } },
      'notifications/resources/updated: expected string at params.uri',
    ],
    [
      { method: 'notifications/message', params: { level: 'loud' } },
      'notifications/message: expected one of debug, info, notice, warning, error, critical, alert, emergency at params.level',
    ],
    [{ method: 'notifications/progress' }, 'notifications/progress: expected an object at params'],
  ])('emits the raw notification, and one error: %j', (notification, message) => {
    const hub = createHub();
    const raw = record(hub.notifications$).seen;
    const method = record(hub.ofMethod(notification.method)).seen;
    const others = [method, record(hub.ofToken('t')).seen, record(hub.ofUri('file:///a')).seen];
    const errors = record(hub.errors$).seen;
    const messages: IncomingMessage[] = [];
    hub.messages$.subscribe((incoming) => messages.push(incoming));

    hub.push(notification);

    expect(raw).toEqual([notification]);
    expect(others).toEqual([[], [], []]);
    expect(errors).toEqual([expect.any(InvalidNotificationError)]);
    expect(errors).toMatchObject([{ message, notification, issues: [{ message: expect.any(String) }] }]);
    expect(messages).toEqual([{ at: expect.any(Number), kind: 'error', error: errors[0] }]);
  });

  it('emits the error without a subscriber of the method', () => {
    const hub = createHub();
    const errors = record(hub.errors$).seen;

    hub.push(progress({}, 1));

    expect(errors).toHaveLength(1);
  });

  it('continues with the next notification', () => {
    const hub = createHub();
    const token = record(hub.ofToken('t')).seen;

    hub.push(progress('t', 'half'));
    hub.push(progress('t', 1));

    expect(token).toEqual([progress('t', 1).params]);
  });
});
