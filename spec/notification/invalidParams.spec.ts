import { InvalidNotificationError, type Issue } from '../../lib/errors';
import { invalidParams } from '../../lib/notification/params';

const notification = { method: 'custom/one', params: { n: 'one' } };

describe('invalidParams', () => {
  it.each<[readonly Issue[], string]>([
    [[{ message: 'no number', path: ['n'] }], 'custom/one: no number at params.n'],
    [[{ message: 'no number' }], 'custom/one: no number at params'],
    [[{ message: 'no number', path: [] }], 'custom/one: no number at params'],
    [[{ message: 'no number', path: ['list', 0, { key: 'n' }] }], 'custom/one: no number at params.list.0.n'],
    [[{ message: 'no number', path: [Symbol('n')] }], 'custom/one: no number at params.Symbol(n)'],
    [
      [
        { message: 'first', path: ['a'] },
        { message: 'second', path: ['b'] },
      ],
      'custom/one: first at params.a',
    ],
    [[], 'custom/one: does not match its schema at params'],
  ])('names the path and the issue: %j', (issues, message) => {
    expect(invalidParams(notification, issues).message).toBe(message);
  });

  it('contains the notification, all issues and the cause', () => {
    const issues = [{ message: 'first' }, { message: 'second' }];
    const cause = new Error('thrown');

    const error = invalidParams(notification, issues, cause);

    expect(error).toBeInstanceOf(InvalidNotificationError);
    expect(error).toMatchObject({ name: 'InvalidNotificationError', retryable: false, issues, cause });
    expect(error.notification).toBe(notification);
    expect('cause' in invalidParams(notification, issues)).toBe(false);
  });
});
