import type { OperatorFunction } from 'rxjs';
import type { Notification } from '../protocol/types';
import { isOneOf } from '../util/options';
import type { NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';

/** A list whose changes a server can announce. */
export type ListKind = 'tools' | 'prompts' | 'resources';

const allKinds: readonly ListKind[] = ['tools', 'prompts', 'resources'];
const assertKind = isOneOf(...allKinds);

/**
 * Emits the server's list-changed notifications of the given kinds. Without arguments, or with an empty spread array, emits those of
 * all kinds. Changes of resource templates are announced as `'resources'`.
 *
 * ```text
 * source                --t--p--r--t--|
 * listChanged('tools')  --t--------t--|
 * ```
 *
 * Hot if the source is hot; completes and errors with the source. The notification does not contain the list: use
 * `session.tools$` for the current one.
 *
 * @param kinds - the kinds of lists. Default: all kinds.
 * @throws `ConfigError` if a kind is unknown.
 *
 * @example
 * session.notifications$.pipe(listChanged('tools'), switchMap(() => session.listTools()));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#list-changed-notification
 */
export function listChanged<K extends ListKind = ListKind>(
  ...kinds: K[]
): OperatorFunction<Notification, NotificationOf<`notifications/${K}/list_changed`>>;
export function listChanged(
  ...kinds: ListKind[]
): OperatorFunction<Notification, NotificationOf<`notifications/${ListKind}/list_changed`>> {
  for (const kind of kinds) assertKind(kind, 'listChanged.kind');
  return ofMethods((kinds.length > 0 ? kinds : allKinds).map((kind) => `notifications/${kind}/list_changed` as const));
}
