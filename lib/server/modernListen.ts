import type { McpHttpHandler, ServerEvent, ServerEventBus } from '@modelcontextprotocol/server';
import { filter, map, merge, type Observable, ReplaySubject, share, Subject, Subscription } from 'rxjs';
import { errorCode } from '../protocol/errorCodes';
import type { JSONRPCRequest, Notification } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { Broadcast } from './broadcasts';
import type { AuthInfo, Caller } from './caller';
import type { Exchange } from './exchange';
import { jsonReply, toResponse } from './httpReply';
import { modernCallerOf } from './modernCaller';
import type { ResponseFlow } from './responseFlow';
import type { ServerCore } from './serverCore';
import { createSubscriptionContext } from './subscriptionContext';

/** Answers a `subscriptions/listen` request. */
export type ServeListen = (
  request: Request,
  authInfo: AuthInfo | undefined,
  body: JSONRPCRequest,
  flow: ResponseFlow,
) => Promise<Response>;

/** The maximum number of listening clients of a stateless server. */
const maxListening = 10_000;
const maxWatched = 1_000;

/**
 * Creates the function that answers `subscriptions/listen`. Each client has its own SDK handler: clients receive
 * different changes, and the event bus of a shared handler does not identify the client.
 */
export function createModernListen(
  core: ServerCore,
  createHandler: (bus: ServerEventBus) => McpHttpHandler,
): ServeListen {
  const { settings, broadcasts, lists, watches, closed$, report } = core;
  const max = settings.sessions === false ? maxListening : settings.sessions.max;
  const broadcasts$ = broadcasts.live$.pipe(
    map(({ frame, target }: Broadcast) => ({ target, event: eventOf(JSON.parse(frame)) })),
    share(),
  );
  let open = 0;

  /** Emits the changes that one client may receive. The SDK handler filters them by the client's subscription. */
  function events$(caller: Caller, own$: Observable<Notification>): Observable<ServerEvent> {
    const listener = {};
    const all$ = broadcasts$.pipe(
      filter(({ target: { principal } }) => principal === undefined || principal === caller.principal),
      filter(({ target: { node } }) => node === undefined || node === core.node()),
      map(({ event }) => event),
    );
    const changes$ = (['tools', 'prompts', 'resources'] as const).flatMap((kind) => {
      const changed$ = lists[kind]?.changesOf$?.(caller, listener);
      return changed$ ? [changed$.pipe(map(() => eventOf({ method: `notifications/${kind}/list_changed` })))] : [];
    });
    return merge(all$, own$.pipe(map(eventOf)), ...changes$).pipe(filter((event) => event !== undefined));
  }

  /** Runs the sources of the resources that a client is subscribed to. */
  function watch({ id, params }: JSONRPCRequest, caller: Caller, own$: Subject<Notification>): Subscription {
    const work = new Subscription();
    const filters = isObject(params?.['notifications']) ? params['notifications'] : {};
    const uris = filters['resourceSubscriptions'];
    if (!Array.isArray(uris)) return work;
    const ended$ = new ReplaySubject<void>(1);
    const exchange: Exchange = {
      request: { jsonrpc: '2.0', id, method: 'subscriptions/listen' },
      caller,
      ended$,
      send: (notification) => own$.next(notification),
      request$: () => ended$,
      logLevel: () => undefined,
    };
    const { ctx, abort } = createSubscriptionContext(exchange, report);
    watches.set(ctx, uris.filter((uri) => typeof uri === 'string').slice(0, maxWatched));
    work.add(() => {
      abort();
      watches.set(ctx, []);
    });
    return work;
  }

  return async (request, authInfo, body, flow) => {
    if (open >= max) {
      const error = { code: errorCode.internalError, message: 'subscriptions/listen: too many subscriptions' };
      return toResponse(jsonReply({ jsonrpc: '2.0', id: body.id, error }));
    }
    open++;
    const caller = modernCallerOf(settings, body.params?._meta, authInfo);
    const own$ = new Subject<Notification>();
    const work = new Subscription(() => open--);
    const close = (): void => {
      flow.end();
      work.unsubscribe();
      handler.close().catch(report);
    };
    const handler = createHandler({
      publish: () => undefined,
      subscribe: (listener) => {
        const listening = events$(caller, own$).subscribe((event) => {
          flow.send({ method: event.kind, params: { ...event } }, () => listener(event));
        });
        return () => listening.unsubscribe();
      },
    });
    // Close the stream of a client that reads too slowly. It refetches its lists when it reconnects.
    work.add(flow.overflow$.subscribe({ error: close }));
    work.add(closed$.subscribe(close));
    work.add(watch(body, caller, own$));
    const response = await handler.fetch(request, { parsedBody: body, ...(authInfo && { authInfo }) });
    return flow.follow(response, request.signal, () => work.unsubscribe());
  };
}

const kinds = new Map<unknown, ServerEvent['kind']>([
  ['notifications/tools/list_changed', 'tools_list_changed'],
  ['notifications/prompts/list_changed', 'prompts_list_changed'],
  ['notifications/resources/list_changed', 'resources_list_changed'],
  ['notifications/resources/updated', 'resource_updated'],
]);

/** Converts a notification to an event. Returns `undefined` if clients cannot subscribe to such notifications. */
function eventOf(message: unknown): ServerEvent | undefined {
  if (!isObject(message)) return undefined;
  const kind = kinds.get(message['method']);
  if (kind !== 'resource_updated') return kind && { kind };
  const { params } = message;
  return isObject(params) && typeof params['uri'] === 'string' ? { kind, uri: params['uri'] } : undefined;
}
