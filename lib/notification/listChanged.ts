import type { OperatorFunction } from 'rxjs';
import type { Notification } from '../protocol/types';
import { isOneOf } from '../util/options';
import type { NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';

/** A kind of list that a server can change at run time. */
export type ListKind = 'tools' | 'prompts' | 'resources';

const allKinds: readonly ListKind[] = ['tools', 'prompts', 'resources'];
const assertKind = isOneOf(...allKinds);

/**
 * Emits the notifications that announce changes of the given kinds of lists. Without arguments, emits those of all
 * kinds.
 *
 * ```text
 * source                --t--p--r--t--|
 * listChanged('tools')  --t--------t--|
 * ```
 *
 * The notifications do not contain the list: use `session.tools$` for a list that stays current. Servers announce
 * changes of resource templates as `'resources'`.
 *
 * Hot if the source is hot; completes and errors with the source.
 *
 * @param kinds - the kinds of lists. Default: all kinds. An empty spread array selects all kinds as well.
 * @returns an operator that emits the notifications, typed by kind.
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
