import type { Issue } from '../errors';
import { loggingLevels } from './loggingLevels';
import type { Notification } from '../protocol';

type Params = Record<string, unknown>;

const isString = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isToken = (value: unknown): boolean => isString(value) || isNumber(value);

function expect(params: Params, key: string, test: (value: unknown) => boolean, what: string): Issue | undefined {
  return test(params[key]) ? undefined : { message: `expected ${what}`, path: [key] };
}

function optional(params: Params, key: string, test: (value: unknown) => boolean, what: string): Issue | undefined {
  return params[key] === undefined ? undefined : expect(params, key, test, what);
}

/** What the protocol requires of the params of its own notifications. By hand: a schema library costs a thousand times this. */
const checks = new Map<string, (params: Params) => Issue | undefined>([
  [
    'notifications/progress',
    (params) =>
      expect(params, 'progressToken', isToken, 'a string or a number') ??
      expect(params, 'progress', isNumber, 'a number') ??
      optional(params, 'total', isNumber, 'a number') ??
      optional(params, 'message', isString, 'a string'),
  ],
  [
    'notifications/message',
    (params) =>
      expect(params, 'level', (level) => loggingLevels.some((known) => known === level), 'a logging level') ??
      optional(params, 'logger', isString, 'a string'),
  ],
  ['notifications/resources/updated', (params) => expect(params, 'uri', isString, 'a string')],
  ['notifications/elicitation/complete', (params) => expect(params, 'elicitationId', isString, 'a string')],
  [
    'notifications/tasks/status',
    (params) => expect(params, 'taskId', isString, 'a string') ?? expect(params, 'status', isString, 'a string'),
  ],
]);

const none: Params = {};

/**
 * What is wrong with the params of a notification that the protocol defines, or `undefined` when they fit or when the
 * notification is not one of the protocol's.
 */
export function paramsIssue({ method, params }: Notification): Issue | undefined {
  return checks.get(method)?.(params ?? none);
}
