import type { OperatorFunction } from 'rxjs';
import type { Notification } from '../protocol/types';
import type { NotificationOf } from './notificationMap';
import { ofMethods } from './ofMethod';

/** The lists that a server can announce changes of. */
export type ListKind = 'tools' | 'prompts' | 'resources';

const methods = {
  tools: 'notifications/tools/list_changed',
  prompts: 'notifications/prompts/list_changed',
  resources: 'notifications/resources/list_changed',
} as const;

/**
 * That a list of the server has changed: the notification, narrowed. One kind, several, or with no argument (or an empty
 * array spread) all of them. Resource templates go with `'resources'`; the protocol has no notification of their own.
 *
 * ```text
 * source                --t--p--r--t--|
 * listChanged('tools')  --t--------t--|
 * ```
 *
 * As hot as its source; completes and errors with it. A server may announce several changes in a row.
 *
 * @example
 * session.notifications$.pipe(listChanged('tools'), switchMap(() => session.listTools()));
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#list-changed-notification
 */
export function listChanged<K extends ListKind = ListKind>(
  ...kinds: K[]
): OperatorFunction<Notification, NotificationOf<(typeof methods)[K]>>;
export function listChanged(
  ...kinds: ListKind[]
): OperatorFunction<Notification, NotificationOf<(typeof methods)[ListKind]>> {
  return ofMethods(kinds.length > 0 ? kinds.map((kind) => methods[kind]) : Object.values(methods));
}
