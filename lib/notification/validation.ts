import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidNotificationError, type Issue } from '../errors';
import type { Notification } from '../protocol';

/** A notification whose params are what a schema made of them. */
export interface ParsedNotification {
  method: string;
  params?: unknown;
}

/** The outcome of checking one notification. */
export type Outcome = { parsed: ParsedNotification } | { error: InvalidNotificationError };

interface Slot {
  checked?: Notification;
  outcome?: Outcome;
}

/** One slot a schema, for the notification it checked last: its subscribers come one right after the other. */
const slots = new WeakMap<StandardSchemaV1, Slot>();

/**
 * A check of params against a schema that is shared by everybody who uses that schema: each notification is parsed once,
 * and `onInvalid` is called once, by the subscriber that came first.
 */
export function validation(
  schema: StandardSchemaV1,
  onInvalid?: (error: InvalidNotificationError) => void,
): (notification: Notification) => Outcome {
  const slot: Slot = slots.get(schema) ?? {};
  slots.set(schema, slot);
  return (notification) => {
    if (slot.outcome && slot.checked === notification) return slot.outcome;
    const outcome = validate(schema, notification);
    slot.checked = notification;
    slot.outcome = outcome;
    if ('error' in outcome) onInvalid?.(outcome.error);
    return outcome;
  };
}

function validate(schema: StandardSchemaV1, notification: Notification): Outcome {
  try {
    const result = schema['~standard'].validate(notification.params);
    if (result instanceof Promise) {
      // A hot stream can not wait: whatever comes next would have to queue without a bound.
      result.catch(() => undefined);
      return invalid(notification, [{ message: 'an asynchronous schema can not check a stream' }]);
    }
    if (result.issues) return invalid(notification, result.issues);
    return { parsed: { method: notification.method, params: result.value } };
  } catch (cause) {
    return invalid(notification, [{ message: 'the schema threw' }], cause);
  }
}

function invalid(notification: Notification, issues: readonly Issue[], cause?: unknown): Outcome {
  const [issue] = issues;
  const at = ['params', ...(issue?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))].join(
    '.',
  );
  const message = `${notification.method}: ${issue?.message ?? 'does not fit its schema'} at ${at}`;
  return { error: new InvalidNotificationError(message, { issues, notification, cause }) };
}
