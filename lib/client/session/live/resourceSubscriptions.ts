import { lastValueFrom } from 'rxjs';
import type { Connection } from '../../connection/connection';
import type { Calls } from '../calls';
import { withCallLimits, type CallLimits } from '../callLimits';

/** The resources that a server has been asked to tell of. */
export interface ResourceSubscriptions {
  /**
   * Adds a watcher of this URI; resolves when the server has been asked, and rejects with what it answered. A watcher that is
   * there already stays one.
   *
   * @param watcher - default: the session's live resources, which share one subscription.
   */
  enter(connection: Connection, uri: string, watcher?: unknown): Promise<void>;
  /** Removes a watcher; with the last one of a URI, the server is asked to stop. */
  leave(uri: string, watcher?: unknown): void;
  /** Asks a new connection for all that is watched. */
  restore(connection: Connection): Promise<void>;
}

/** What one connection has been asked for. */
interface Asked {
  connection: Connection;
  subscribed: Set<string>;
  /** The end of what is under way, by URI: what is asked next must not overtake it. */
  tails: Map<string, Promise<void>>;
}

/**
 * Brings what the server has been asked for in line with what is watched, one request a URI at a time: who comes back while
 * the request to leave is on its way is not left deaf, and who leaves while the request to enter is, leaves nothing behind.
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
      // Whether the server liked that concerns nobody any more.
      if (current) sync(current.connection, uri).catch(() => undefined);
    },
    async restore(connection) {
      await Promise.allSettled([...watched.keys()].map((uri) => sync(connection, uri)));
    },
  };
}
