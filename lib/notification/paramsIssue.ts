import { identity } from 'rxjs';
import type { Issue } from '../errors';
import type { Notification } from '../protocol/types';
import { loggingLevels } from './loggingLevels';

/** What a member may be: types, or one of so many values. */
type Kind = string | readonly string[];

/**
 * The params that the protocol requires of its own notifications, where it does, but for `_meta`. By hand: a schema library
 * costs a thousand times this.
 */
const shapes = new Map(
  Object.entries<Record<string, Kind>>({
    progress: {
      progressToken: 'string or number',
      progress: 'number',
      total: 'number or undefined',
      message: 'string or undefined',
    },
    message: { level: loggingLevels, logger: 'string or undefined' },
    'resources/updated': { uri: 'string' },
    cancelled: { requestId: 'string or number or undefined', reason: 'string or undefined' },
    'elicitation/complete': { elicitationId: 'string' },
    'tasks/status': {
      taskId: 'string',
      status: ['working', 'input_required', 'completed', 'failed', 'cancelled'],
      ttl: 'number or null',
      createdAt: 'string',
      lastUpdatedAt: 'string',
      pollInterval: 'number or undefined',
      statusMessage: 'string or undefined',
    },
  }).map(([method, shape]) => [`notifications/${method}`, Object.entries(shape).map(memberOf)]),
);

function memberOf([key, kind]: [string, Kind]) {
  return typeof kind === 'string'
    ? { key, what: kind, of: typeOf, allowed: new Set<unknown>(kind.split(' or ')) }
    : { key, what: `one of ${kind.join(', ')}`, of: identity, allowed: new Set<unknown>(kind) };
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

/**
 * What is wrong with the params of a notification that the protocol defines, or `undefined` when they fit or when the
 * notification is not one of the protocol's.
 */
export function paramsIssue({ method, params }: Notification): Issue | undefined {
  const shape = shapes.get(method);
  if (!shape) return undefined;
  if (!params) return { message: 'expected an object' };
  for (const { key, what, of, allowed } of shape) {
    if (!allowed.has(of(params[key]))) return { message: `expected ${what}`, path: [key] };
  }
  return undefined;
}
