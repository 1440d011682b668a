import { defer, EMPTY, firstValueFrom } from 'rxjs';
import type { Connection } from '../../connection/connection';
import type { Calls } from '../calls';
import { withCallLimits, type CallLimits } from '../callLimits';
import { retryRestoring } from '../retryRestoring';

/** The resources that a session is subscribed to. */
export interface ResourceSubscriptions {
  /**
   * Adds a watcher of a URI, and subscribes on the server if it is the first. Resolves when the server has accepted the
   * subscription; rejects with the error if it has not. Idempotent per watcher.
   *
   * @param watcher - identifies the watcher. Default: `undefined`, which identifies all live resources of the session.
   */
  acquire(connection: Connection, uri: string, watcher?: unknown): Promise<void>;
  /** Removes a watcher of a URI, and unsubscribes on the server if it was the last. */
  release(uri: string, watcher?: unknown): void;
  /**
   * Subscribes to all watched URIs on a new connection. Resolves when the server has responded to each of them.
   * Requests that the server does not process are retried in the background.
   */
  restore(connection: Connection): Promise<void>;
}

/** The subscriptions that the server holds for one connection. */
interface ServerState {
  connection: Connection;
  subscribed: Set<string>;
  /** The pending request for each URI. The next request for the same URI waits for it. */
  pending: Map<string, Promise<void>>;
}

/**
 * The maximum timeout for a request, in milliseconds. Short, because the next request for the same URI waits for it.
 */
const maxTimeoutMs = 10_000;

/**
 * Keeps the subscriptions on the server in sync with the watched URIs. Requests for the same URI are serialized, so
 * that a pending unsubscribe cannot overtake a quick resubscribe.
 */
export function createResourceSubscriptions(limits: CallLimits, withMeta: Calls['withMeta']): ResourceSubscriptions {
  const timeout = Math.min(limits.defaults.timeout ?? Infinity, maxTimeoutMs);
  const watched = new Map<string, Set<unknown>>();
  let current: ServerState | undefined;

  function stateOf(connection: Connection): ServerState {
    if (current?.connection !== connection) current = { connection, subscribed: new Set(), pending: new Map() };
    return current;
  }

  async function apply({ connection, subscribed }: ServerState, uri: string): Promise<void> {
    const isWanted = watched.has(uri);
    if (isWanted === subscribed.has(uri)) return;
    const method = isWanted ? 'resources/subscribe' : 'resources/unsubscribe';
    if (!isWanted) subscribed.delete(uri);
    const request = withMeta({ method, params: { uri } });
    await firstValueFrom(connection.request$(request).pipe(withCallLimits(request, { timeout }, limits)));
    if (isWanted) subscribed.add(uri);
  }

  function sync(connection: Connection, uri: string): Promise<void> {
    const state = stateOf(connection);
    const before = state.pending.get(uri) ?? Promise.resolve();
    const synced = before.catch(() => undefined).then(() => apply(state, uri));
    state.pending.set(uri, synced);
    const forget = (): void => {
      if (state.pending.get(uri) === synced) state.pending.delete(uri);
    };
    synced.then(forget, forget);
    return synced;
  }

  /** Resolves after the first success or failure. If the server did not process the request, retries it afterwards. */
  function restored(connection: Connection, uri: string): Promise<void> {
    const synced$ = defer(() => (current?.connection === connection ? sync(connection, uri) : EMPTY));
    return new Promise((resolve) => {
      synced$
        .pipe(
          retryRestoring(limits.scheduler, () => {
            resolve();
          }),
        )
        .subscribe({
          error: () => {
            resolve();
          },
          complete: resolve,
        });
    });
  }

  return {
    acquire(connection, uri, watcher) {
      watched.set(uri, (watched.get(uri) ?? new Set()).add(watcher));
      return sync(connection, uri);
    },
    release(uri, watcher) {
      const watchers = watched.get(uri);
      watchers?.delete(watcher);
      if (watchers?.size) return;
      watched.delete(uri);
      // Errors from unsubscribe are ignored.
      if (current) sync(current.connection, uri).catch(() => undefined);
    },
    async restore(connection) {
      stateOf(connection);
      await Promise.all([...watched.keys()].map((uri) => restored(connection, uri)));
    },
  };
}
