import { type Observable, Subject } from 'rxjs';
import { isNotification } from '../protocol/message';
import type { Notification, RequestId } from '../protocol/types';
import type { CallRegistry } from './callRegistry';
import type { NodeMessages } from './nodes/nodeMessages';
import type { ServerRequests } from './serverRequests';
import type { LiveSession } from './serverSession';

/** Handles the notifications and responses of clients. */
export interface ClientMessages {
  /** Every notification from a client, in wire order per session. Hot. */
  readonly notifications$: Observable<{ session?: LiveSession; notification: Notification }>;
  /** Handles a notification or a response from the client of a session. */
  receive(session: LiveSession, message: object): Promise<void>;
  complete(): void;
}

/** Creates the {@link ClientMessages} of a node. Messages that concern another node are forwarded to it. */
export function createClientMessages(
  node: () => string,
  nodeMessages: NodeMessages,
  serverRequests: ServerRequests,
  registry: CallRegistry,
): ClientMessages {
  const notifications$ = new Subject<{ session?: LiveSession; notification: Notification }>();

  /** Delivers a response or progress from a client to the node that sent the request, which may be this node. */
  async function route(session: string, answer: object): Promise<void> {
    const owner = serverRequests.settle(session, answer);
    if (owner !== undefined) await nodeMessages.forward(owner, session, answer);
  }

  return {
    notifications$: notifications$.asObservable(),
    async receive(session, message) {
      if (!isNotification(message)) {
        await route(session.id, message);
        return;
      }
      const { method, params } = message;
      const notification = { method, ...(params && { params }) };
      if (method === 'notifications/progress') await route(session.id, message);
      if (method === 'notifications/cancelled' && isRequestId(params?.['requestId'])) {
        const { requestId } = params;
        registry.cancel(session, requestId);
        await nodeMessages.publish({ kind: 'cancel', request: requestId, session: session.id, node: node() });
      }
      notifications$.next({ session, notification });
      session.receive(notification);
      if (method === 'notifications/roots/list_changed') {
        await nodeMessages.publish({ kind: 'roots', session: session.id, node: node() });
      }
    },
    complete: () => notifications$.complete(),
  };
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || typeof value === 'number';
}
