import type { Issue } from '../errors';
import type { Notification } from '../protocol';
import { loggingLevels } from './loggingLevels';

/** What a value must be, in words, and how to tell. */
type Kind = readonly [what: string, fits: (value: unknown) => boolean];

const string: Kind = ['a string', (value) => typeof value === 'string'];
const number: Kind = ['a number', (value) => typeof value === 'number'];
const id: Kind = ['a string or a number', (value) => typeof value === 'string' || typeof value === 'number'];
const oneOf = (values: readonly unknown[]) => (value: unknown) => values.includes(value);

/**
 * The params that the protocol requires of its own notifications, where it does, but for `_meta`; a key with a question mark
 * may be absent. By hand: a schema library costs a thousand times this.
 */
const shapes = new Map(
  Object.entries<Record<string, Kind>>({
    progress: { progressToken: id, progress: number, 'total?': number, 'message?': string },
    message: { level: ['a logging level', oneOf(loggingLevels)], 'logger?': string },
    'resources/updated': { uri: string },
    cancelled: { 'requestId?': id, 'reason?': string },
    'elicitation/complete': { elicitationId: string },
    'tasks/status': {
      taskId: string,
      status: ['a task status', oneOf(['working', 'input_required', 'completed', 'failed', 'cancelled'])],
      ttl: ['a number or null', (value) => value === null || typeof value === 'number'],
      createdAt: string,
      lastUpdatedAt: string,
      'pollInterval?': number,
      'statusMessage?': string,
    },
  }).map(([method, shape]) => [
    `notifications/${method}`,
    Object.entries(shape).map(([name, [what, fits]]) => {
      const [key = name, optional] = name.split('?');
      return { key, what, fits, isOptional: optional !== undefined };
    }),
  ]),
);

/**
 * What is wrong with the params of a notification that the protocol defines, or `undefined` when they fit or when the
 * notification is not one of the protocol's.
 */
export function paramsIssue({ method, params }: Notification): Issue | undefined {
  const shape = shapes.get(method);
  if (!shape) return undefined;
  if (!params) return { message: 'expected an object' };
  for (const { key, what, fits, isOptional } of shape) {
    const value = params[key];
    if (!(fits(value) || (isOptional && value === undefined))) return { message: `expected ${what}`, path: [key] };
  }
  return undefined;
}
