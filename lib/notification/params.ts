import type { StandardSchemaV1 } from '@standard-schema/spec';
import { filter, identity, map, type OperatorFunction, pipe } from 'rxjs';
import { InvalidNotificationError, type Issue } from '../errors';
import type { Notification } from '../protocol/types';
import { issuePath } from '../util/issuePath';
import { reasonOf } from '../util/reasonOf';
import { loggingLevels } from './notificationMap';

/** The allowed types of a member, separated by ` or `, or an array of its allowed values. */
type Kind = string | readonly string[];

/**
 * The params of the protocol's notifications, except `_meta`. Validated without a schema library, which would take a
 * thousand times as long.
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
    ? { key, expected: kind, of: typeOf, allowed: new Set<unknown>(kind.split(' or ')) }
    : { key, expected: `one of ${kind.join(', ')}`, of: identity, allowed: new Set<unknown>(kind) };
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

/**
 * Removes optional members that are `null`, if the protocol defines the method. Returns the same params if there is
 * nothing to remove.
 */
export function dropNullParams(method: string, params: Notification['params']): Notification['params'] {
  const shape = shapes.get(method);
  if (!shape || !params) return params;
  let kept: Notification['params'];
  for (const { key, allowed } of shape) {
    if (params[key] !== null || !allowed.has('undefined')) continue;
    kept ??= { ...params };
    Reflect.deleteProperty(kept, key);
  }
  return kept ?? params;
}

/**
 * Returns the first issue in the params of a notification. Returns `undefined` if the params are valid, or the protocol
 * does not define the method.
 */
export function paramsIssue({ method, params }: Notification): Issue | undefined {
  const shape = shapes.get(method);
  if (!shape) return undefined;
  if (!params) return { message: 'expected an object' };
  for (const { key, expected, of, allowed } of shape) {
    if (!allowed.has(of(params[key]))) return { message: `expected ${expected}`, path: [key] };
  }
  return undefined;
}

/**
 * Creates the error for invalid params. The message contains the method, and the message and path of the first issue.
 */
export function invalidParams(
  notification: Notification,
  issues: readonly Issue[],
  cause?: unknown,
): InvalidNotificationError {
  const [issue] = issues;
  const message = `${notification.method}: ${issue?.message ?? 'does not match its schema'} at ${issuePath(issue, 'params')}`;
  return new InvalidNotificationError(message, { issues, notification, cause });
}

/** A notification whose params were parsed by a schema. */
export interface ParsedNotification {
  method: string;
  params?: unknown;
}

/**
 * Parses the params of notifications with a schema. Drops notifications whose params do not match.
 *
 * @param onInvalid - called with the error for each dropped notification. If it throws, the stream errors.
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
      // Asynchronous schemas are rejected, because notifications that wait for validation would queue without limit.
      result.then(undefined, () => undefined);
      return invalidParams(notification, [
        { message: 'the schema is asynchronous; ofMethod requires a synchronous schema' },
      ]);
    }
    if (result.issues) return invalidParams(notification, result.issues);
    return { method: notification.method, params: result.value };
  } catch (cause) {
    return invalidParams(notification, [{ message: `the schema threw (${reasonOf(cause).message})` }], cause);
  }
}
