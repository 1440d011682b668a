import { ServerNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import fc from 'fast-check';
import { paramsIssue } from '../../lib/notification/params';
import type { Notification } from '../../lib/protocol/types';

/** Valid params with all possible members. */
const right = {
  'notifications/progress': { progressToken: 't', progress: 0.5, total: 2.5, message: 'half' },
  // A message without data is accepted, because a server may omit a null.
  'notifications/message': { level: 'info', logger: 'main' },
  'notifications/resources/updated': { uri: 'file:///a' },
  'notifications/cancelled': { requestId: 1, reason: 'late' },
  'notifications/elicitation/complete': { elicitationId: 'e' },
  'notifications/tasks/status': {
    taskId: 't',
    status: 'working',
    ttl: null,
    createdAt: '2025-11-25T00:00:00Z',
    lastUpdatedAt: '2025-11-25T00:00:00Z',
    pollInterval: 1000,
    statusMessage: 'still',
  },
  'notifications/tools/list_changed': { anything: 1 },
  'notifications/prompts/list_changed': { anything: 1 },
  'notifications/resources/list_changed': { anything: 1 },
};
const methods = Object.keys(right) as (keyof typeof right)[];

/** Generates a value for a key, valid or invalid. `undefined` stands for an absent key. A fraction is accepted as an id. */
const value = fc.oneof(
  fc.constantFrom<unknown>('warning', 'emergency', 'input_required', 'cancelled', ''),
  fc.constantFrom<unknown>(0, -1, undefined, null, true, 'Warning', [], {}, ['working']),
  fc.integer(),
  fc.string(),
);

const notification = fc.constantFrom(...methods).chain((method) => {
  const keys = Object.keys(right[method]);
  const changes = fc.uniqueArray(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 2, selector: ([key]) => key });
  const params = fc.tuple(changes, value).map(([changed, data]) =>
    // As received over a wire, where no member is `undefined`.
    Object.fromEntries(
      Object.entries({ ...right[method], ...Object.fromEntries(changed), data: data ?? null }).filter(
        ([, held]: [string, unknown]) => held !== undefined,
      ),
    ),
  );
  return fc.record<Notification>({
    method: fc.constant(method),
    params: fc.option(params, { nil: undefined, freq: 20 }),
  });
});

describe('paramsIssue', () => {
  it("agrees with the protocol's schema", () => {
    const seen = { right: new Set<string>(), wrong: new Set<string>() };
    fc.assert(
      fc.property(notification, (each) => {
        const fits = ServerNotificationSchema.safeParse(each).success;
        seen[fits ? 'right' : 'wrong'].add(each.method);

        expect(paramsIssue(each) === undefined).toBe(fits);
      }),
      { numRuns: 5_000 },
    );

    // Each method was generated both valid and, if possible, invalid.
    expect([...seen.right].sort()).toEqual([...methods].sort());
    expect([...seen.wrong].sort()).toEqual(methods.filter((method) => !method.endsWith('list_changed')).sort());
  });

  it.each<[Notification, unknown]>([
    [{ method: 'notifications/progress' }, { message: 'expected an object' }],
    [
      { method: 'notifications/progress', params: { progressToken: true, progress: 1 } },
      { message: 'expected string or number', path: ['progressToken'] },
    ],
    [
      { method: 'notifications/progress', params: { progressToken: 't', progress: '1' } },
      { message: 'expected number', path: ['progress'] },
    ],
    [
      { method: 'notifications/message', params: { level: 'loud' } },
      { message: 'expected one of debug, info, notice, warning, error, critical, alert, emergency', path: ['level'] },
    ],
    [
      { method: 'notifications/tasks/status', params: { taskId: 't', status: 'done' } },
      { message: 'expected one of working, input_required, completed, failed, cancelled', path: ['status'] },
    ],
    [
      { method: 'notifications/tasks/status', params: { taskId: 't', status: 'working' } },
      { message: 'expected number or null', path: ['ttl'] },
    ],
  ])('names the path and the expected type: %j', (each, issue) => {
    expect(paramsIssue(each)).toEqual(issue);
  });

  it('is undefined for custom notifications', () => {
    expect(paramsIssue({ method: 'custom/progress', params: { progressToken: true } })).toBeUndefined();
    expect(paramsIssue({ method: 'constructor' })).toBeUndefined();
  });
});
