import type { StandardSchemaV1 } from '@standard-schema/spec';
import { filter, identity, map, type OperatorFunction, pipe } from 'rxjs';
import { InvalidNotificationError, type Issue } from '../errors';
import type { Notification } from '../protocol/types';
import { loggingLevels } from './notificationMap';

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

/** The error for a notification whose params are not what they should be; it names the method and the first place. */
export function invalidParams(
  notification: Notification,
  issues: readonly Issue[],
  cause?: unknown,
): InvalidNotificationError {
  const [issue] = issues;
  const path = (issue?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const message = `${notification.method}: ${issue?.message ?? 'does not fit its schema'} at ${['params', ...path].join('.')}`;
  return new InvalidNotificationError(message, { issues, notification, cause });
}

/** A notification whose params are what a schema made of them. */
export interface ParsedNotification {
  method: string;
  params?: unknown;
}

/**
 * Notifications with params as a schema makes them, those that fit it.
 *
 * @param onInvalid - gets the error for each one that does not. What it throws errors the stream.
 */
export function validation(
  schema: StandardSchemaV1,
  onInvalid: (error: InvalidNotificationError) => void,
): OperatorFunction<Notification, ParsedNotification> {
  return pipe(
    map((notification) => {
      const outcome = parse(schema, notification);
      if (!(outcome instanceof Error)) return outcome;
      onInvalid(outcome);
      return undefined;
    }),
    filter((parsed) => parsed !== undefined),
  );
}

function parse(schema: StandardSchemaV1, notification: Notification): ParsedNotification | InvalidNotificationError {
  const issue = paramsIssue(notification);
  if (issue) return invalidParams(notification, [issue]);
  try {
    const result = schema['~standard'].validate(notification.params);
    if ('then' in result) {
      // A hot stream can not wait: whatever comes next would have to queue without a bound.
      result.then(undefined, () => undefined);
      return invalidParams(notification, [{ message: 'an asynchronous schema can not check a stream' }]);
    }
    if (result.issues) return invalidParams(notification, result.issues);
    return { method: notification.method, params: result.value };
  } catch (cause) {
    return invalidParams(notification, [{ message: 'the schema threw' }], cause);
  }
}
