import { ConfigError } from '../errors';
import { assertOptions, isString } from '../util/options';

/**
 * The sessions that receive a notification: one session by its id, all sessions of a principal, or all sessions that
 * are subscribed to a resource. Plain data, because it is sent between nodes.
 */
export type NotifyTarget = { session: string } | { principal: string } | { subscribed: string };

/**
 * Validates a target. Rejects unknown members, because with a misspelled one the notification would go to all sessions.
 *
 * @throws `ConfigError` if the target does not have exactly one of its members.
 */
export function assertTarget(target: object): void {
  assertOptions(target, { session: isString, principal: isString, subscribed: isString }, 'to');
  const count = Object.values(target).filter((value: unknown) => value !== undefined).length;
  if (count !== 1) throw new ConfigError('to: expected one of session, principal and subscribed', { path: 'to' });
}
