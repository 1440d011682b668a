import { EMPTY, type Observable, type Subscription, switchMap } from 'rxjs';
import type { CallContext } from './callContext';
import type { List } from './listed';
import { findResource, targetOf } from './requestHandlers';
import type { ResourceDefinition } from './resource';
import type { ResourceStreams } from './resourceStreams';

/** Keeps the sources of subscribed resources running. */
export interface Watches {
  /**
   * Replaces the subscribed resources of a session, or of a listening client of 2026-07-28. Their sources run with its context.
   */
  set(ctx: CallContext, uris: readonly string[]): void;
}

/** Creates the {@link Watches} of a server. */
export function createWatches(resources: List<ResourceDefinition> | undefined, streams: ResourceStreams): Watches {
  const held = new WeakMap<CallContext, Map<string, Subscription>>();

  function watch$(ctx: CallContext, uri: string): Observable<void> {
    if (!resources) return EMPTY;
    return resources.current$(ctx.caller, ctx.session).pipe(
      switchMap((items) => {
        const found = findResource(items, uri);
        return found ? streams.updates$(targetOf(found, uri, ctx)) : EMPTY;
      }),
    );
  }

  return {
    set(ctx, uris) {
      const now = held.get(ctx) ?? new Map<string, Subscription>();
      held.set(ctx, now);
      for (const [uri, subscription] of now) {
        if (uris.includes(uri)) continue;
        subscription.unsubscribe();
        now.delete(uri);
      }
      for (const uri of uris) if (!now.has(uri)) now.set(uri, watch$(ctx, uri).subscribe());
    },
  };
}
