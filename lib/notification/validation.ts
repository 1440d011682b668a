import type { StandardSchemaV1 } from '@standard-schema/spec';
import { filter, map, pipe, type OperatorFunction } from 'rxjs';
import type { InvalidNotificationError } from '../errors';
import type { Notification } from '../protocol/types';
import { invalidParams } from './invalidParams';
import { paramsIssue } from './paramsIssue';

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
