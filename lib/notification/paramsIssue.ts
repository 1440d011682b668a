import type { Issue } from '../errors';
import type { Notification } from '../protocol';
import { loggingLevels } from './loggingLevels';

/** What a value must be, and how that is said. */
interface Kind {
  what: string;
  fits(value: unknown): boolean;
}

const string: Kind = { what: 'a string', fits: (value) => typeof value === 'string' };
const number: Kind = { what: 'a number', fits: (value) => typeof value === 'number' };
const id: Kind = { what: 'a string or a number', fits: (value) => string.fits(value) || number.fits(value) };
const level: Kind = { what: 'a logging level', fits: (value) => loggingLevels.some((known) => known === value) };
const numberOrNull: Kind = { what: 'a number or null', fits: (value) => value === null || number.fits(value) };
const taskStatuses = new Set<unknown>(['working', 'input_required', 'completed', 'failed', 'cancelled']);
const taskStatus: Kind = { what: 'a task status', fits: (value) => taskStatuses.has(value) };

function optional({ what, fits }: Kind): Kind {
  return { what, fits: (value) => value === undefined || fits(value) };
}

/** What is to be under one key. */
interface Field extends Kind {
  key: string;
}

function fields(kinds: Record<string, Kind>): readonly Field[] {
  return Object.entries(kinds).map(([key, kind]) => ({ key, ...kind }));
}

/**
 * The params that the protocol requires of its own notifications, where it does, but for `_meta`. By hand: a schema
 * library costs a thousand times this.
 */
const shapes = new Map([
  [
    'notifications/progress',
    fields({ progressToken: id, progress: number, total: optional(number), message: optional(string) }),
  ],
  ['notifications/message', fields({ level, logger: optional(string) })],
  ['notifications/resources/updated', fields({ uri: string })],
  ['notifications/cancelled', fields({ requestId: optional(id), reason: optional(string) })],
  ['notifications/elicitation/complete', fields({ elicitationId: string })],
  [
    'notifications/tasks/status',
    fields({
      taskId: string,
      status: taskStatus,
      ttl: numberOrNull,
      createdAt: string,
      lastUpdatedAt: string,
      pollInterval: optional(number),
      statusMessage: optional(string),
    }),
  ],
]);

/**
 * What is wrong with the params of a notification that the protocol defines, or `undefined` when they fit or when the
 * notification is not one of the protocol's.
 */
export function paramsIssue({ method, params }: Notification): Issue | undefined {
  const shape = shapes.get(method);
  if (!shape) return undefined;
  if (!params) return { message: 'expected an object' };
  const wrong = shape.find(({ key, fits }) => !fits(params[key]));
  return wrong && { message: `expected ${wrong.what}`, path: [wrong.key] };
}
