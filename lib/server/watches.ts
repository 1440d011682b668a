import {
  distinctUntilChanged,
  EMPTY,
  filter,
  map,
  type Observable,
  of,
  pairwise,
  type Subscription,
  switchMap,
} from 'rxjs';
import type { CallContext } from './callContext';
import type { List } from './list';
import { findResource, targetOf } from './findResource';
import type { ResourceDefinition } from './resource';
import type { ResourceStreams } from './resourceStreams';

/** Runs the sources of subscribed resources. */
export interface Watches {
  /**
   * Sets the subscribed resources of a session, or of a listening 2026-07-28 client. Their sources run with this
   * context, and updates that concern only this caller are sent through it.
   */
  set(ctx: CallContext, uris: readonly string[]): void;
}

/**
 * The contents of a URI at the time of the caller's last notification. `json` is `undefined` if no resource has the
 * URI.
 */
interface NotifiedContents {
  readonly json: string | undefined;
  /** Whether the URI now belongs to a different resource, because the caller's list has changed. */
  readonly isReplaced: boolean;
  readonly isPerCaller: boolean;
}

export function createWatches(resources: List<ResourceDefinition> | undefined, streams: ResourceStreams): Watches {
  const subscriptions = new WeakMap<CallContext, Map<string, Subscription>>();

  /** Emits when a resource has changed for this caller, unless all callers are notified of the change. */
  function watch$(ctx: CallContext, uri: string): Observable<unknown> {
    if (!resources) return EMPTY;
    return resources.follow$(ctx.caller, ctx.session ?? ctx).pipe(
      map((items) => findResource(items, uri)),
      distinctUntilChanged((one, other) => one?.definition === other?.definition),
      switchMap((found, count): Observable<NotifiedContents> => {
        if (!found) return of({ json: undefined, isReplaced: true, isPerCaller: true });
        const { isPerCaller } = found.definition;
        return streams
          .states$(targetOf(found, uri, ctx))
          .pipe(map((json, index) => ({ json, isReplaced: count > 0 && index === 0, isPerCaller })));
      }),
      pairwise(),
      filter(([before, { json, isReplaced, isPerCaller }]) => json !== before.json && (isReplaced || isPerCaller)),
    );
  }

  return {
    set(ctx, uris) {
      const current = subscriptions.get(ctx) ?? new Map<string, Subscription>();
      subscriptions.set(ctx, current);
      for (const [uri, subscription] of current) {
        if (uris.includes(uri)) continue;
        subscription.unsubscribe();
        current.delete(uri);
      }
      for (const uri of uris) {
        if (!current.has(uri))
          current.set(
            uri,
            watch$(ctx, uri).subscribe(() => ctx.resourceUpdated(uri)),
          );
      }
    },
  };
}
