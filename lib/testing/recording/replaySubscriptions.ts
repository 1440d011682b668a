import { metaKeys } from '../../client/modern/meta';
import { isObject } from '../../util/isObject';
import type { RecordedMessage } from './format';
import type { ScriptedRequest } from './script';

/** The `subscriptions/listen` subscriptions of a 2026-07-28 client during a replay. */
export interface ReplaySubscriptions {
  /** The recorded notifications of all subscriptions, ordered by time. */
  readonly notifications: readonly { t: number; message: RecordedMessage }[];
  /** Opens a subscription and acknowledges its filter. */
  open(request: RecordedMessage): void;
  close(id: unknown): void;
  /** Sends a recorded notification on each open subscription with a matching filter. */
  play(message: RecordedMessage): void;
  /** Sends the recorded notifications that no subscription has received yet. */
  playRest(): void;
}

/** Creates {@link ReplaySubscriptions}. The client's subscriptions may differ from the recorded ones. */
export function createReplaySubscriptions(
  requests: readonly ScriptedRequest[],
  deliver: (message: RecordedMessage) => void,
): ReplaySubscriptions {
  const filters = new Map<unknown, RecordedMessage>();
  const notifications = requests
    .filter(({ message }) => isListen(message))
    .flatMap(({ answers }) => answers)
    .filter(({ message }) => 'method' in message && message['method'] !== acknowledged)
    .sort((one, other) => one.t - other.t);
  const rest = new Set(notifications.map(({ message }) => message));

  function play(message: RecordedMessage): void {
    for (const [id, filter] of filters) {
      if (!matchesFilter(filter, message)) continue;
      rest.delete(message);
      deliver(withSubscription(message, id));
    }
  }

  return {
    notifications,
    open({ id, params }) {
      const filter = isObject(params) && isObject(params['notifications']) ? params['notifications'] : {};
      filters.set(id, filter);
      const message = { jsonrpc: '2.0', method: acknowledged, params: { notifications: filter } };
      deliver(withSubscription(message, id));
    },
    close: (id) => void filters.delete(id),
    play,
    playRest: () => rest.forEach(play),
  };
}

const acknowledged = 'notifications/subscriptions/acknowledged';

/** Whether a message is a `subscriptions/listen` request. */
export function isListen({ method }: RecordedMessage): boolean {
  return method === 'subscriptions/listen';
}

/** Returns a copy of a notification with the id of another subscription. */
export function withSubscription(message: RecordedMessage, id: unknown): RecordedMessage {
  const params = isObject(message['params']) ? message['params'] : {};
  const meta = isObject(params['_meta']) ? params['_meta'] : {};
  return { ...message, params: { ...params, _meta: { ...meta, [metaKeys.subscriptionId]: id } } };
}

const lists = new Map<unknown, string>([
  ['notifications/tools/list_changed', 'toolsListChanged'],
  ['notifications/prompts/list_changed', 'promptsListChanged'],
  ['notifications/resources/list_changed', 'resourcesListChanged'],
]);

function matchesFilter(filter: RecordedMessage, { method, params }: RecordedMessage): boolean {
  const list = lists.get(method);
  if (list !== undefined) return filter[list] === true;
  if (method !== 'notifications/resources/updated') return true;
  const uris = filter['resourceSubscriptions'];
  return Array.isArray(uris) && isObject(params) && uris.includes(params['uri']);
}
