import { lastValueFrom } from 'rxjs';
import type { Connection } from '../../connection/connection';
import type { Calls } from '../calls';
import { withCallLimits, type CallLimits } from '../callLimits';

/** The resources that a session is subscribed to. */
export interface ResourceSubscriptions {
  /**
   * Adds a watcher of a URI. Resolves when the server has accepted the subscription, and rejects with the server's error.
   * Idempotent per watcher.
   *
   * @param watcher - identifies the watcher. Default: the session's live resources, which share one subscription.
   */
  enter(connection: Connection, uri: string, watcher?: unknown): Promise<void>;
  /** Removes a watcher. Removing the last one of a URI unsubscribes on the server. */
  leave(uri: string, watcher?: unknown): void;
  /** Subscribes to all watched URIs on a new connection. */
  restore(connection: Connection): Promise<void>;
}

/** The subscriptions on one connection. */
interface Asked {
  connection: Connection;
  subscribed: Set<string>;
  /** The pending request of each URI. The next request for the URI must not overtake it. */
  tails: Map<string, Promise<void>>;
}

/**
 * Keeps the server's subscriptions equal to the watched URIs. Requests for a URI are serialized, so a quick resubscription cannot be
 * overtaken by the pending unsubscribe.
 */
export function createResourceSubscriptions(bounds: CallLimits, withMeta: Calls['withMeta']): ResourceSubscriptions {
  const watched = new Map<string, Set<unknown>>();
  let current: Asked | undefined;

  function askedOf(connection: Connection): Asked {
    if (current?.connection !== connection) current = { connection, subscribed: new Set(), tails: new Map() };
    return current;
  }

  async function apply({ connection, subscribed }: Asked, uri: string): Promise<void> {
    const isWanted = watched.has(uri);
    if (isWanted === subscribed.has(uri)) return;
    const method = isWanted ? 'resources/subscribe' : 'resources/unsubscribe';
    if (!isWanted) subscribed.delete(uri);
    const request = withMeta({ method, params: { uri } });
    await lastValueFrom(connection.request$(request).pipe(withCallLimits(request, {}, bounds)));
    if (isWanted) subscribed.add(uri);
  }

  function sync(connection: Connection, uri: string): Promise<void> {
    const asked = askedOf(connection);
    const before = asked.tails.get(uri) ?? Promise.resolve();
    const aligned = before.catch(() => undefined).then(() => apply(asked, uri));
    asked.tails.set(uri, aligned);
    const forget = (): void => {
      if (asked.tails.get(uri) === aligned) asked.tails.delete(uri);
    };
    aligned.then(forget, forget);
    return aligned;
  }

  return {
    enter(connection, uri, watcher) {
      watched.set(uri, (watched.get(uri) ?? new Set()).add(watcher));
      return sync(connection, uri);
    },
    leave(uri, watcher) {
      const watchers = watched.get(uri);
      watchers?.delete(watcher);
      if (watchers?.size) return;
      watched.delete(uri);
      // Ignore errors from unsubscribe.
      if (current) sync(current.connection, uri).catch(() => undefined);
    },
    async restore(connection) {
      await Promise.allSettled([...watched.keys()].map((uri) => sync(connection, uri)));
    },
  };
}
