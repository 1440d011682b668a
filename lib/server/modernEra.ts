import {
  type AuthInfo as SdkAuthInfo,
  createMcpHandler,
  createRequestStateCodec,
  type RequestStateCodec,
  type Server,
  type ServerContext,
  type ServerEvent,
} from '@modelcontextprotocol/server';
import { defer, filter, firstValueFrom, map, merge, ReplaySubject, share, Subscription, takeUntil } from 'rxjs';
import { metaKeys } from '../client/modern/meta';
import { loggingLevels } from '../notification/notificationMap';
import type { JSONRPCRequest, Result } from '../protocol/types';
import { abortOf$ } from '../util/abort';
import { isObject } from '../util/isObject';
import type { Broadcast } from './broadcasts';
import { createCallContext } from './callContext';
import type { AuthInfo, Caller } from './caller';
import type { Exchange } from './exchange';
import type { ServeModern } from './httpEndpoint';
import { createInputRounds, type RoundState } from './inputRounds';
import { isImplementation } from './legacyHttp';
import { createProtocolServer, type ValidRequest } from './protocolServer';
import { createResponseFlow, type ResponseFlow } from './responseFlow';
import type { ServerCore } from './serverCore';

/** Serves 2026-07-28, which has no sessions, with one SDK `Server` per request. */
export function createModernEra(core: ServerCore): ServeModern {
  const { settings, protocol, broadcasts, watches, registry, closed$, report } = core;
  const flows = new WeakMap<Request, ResponseFlow>();
  let codec: RequestStateCodec<RoundState> | undefined;

  function stateCodec(): RequestStateCodec<RoundState> {
    const key = settings.secret ?? crypto.getRandomValues(new Uint8Array(32));
    return (codec ??= createRequestStateCodec<RoundState>({
      key,
      bind: ({ http }) => (http?.authInfo && settings.principal(toAuthInfo(http.authInfo))) ?? '',
    }));
  }

  const events$ = defer(() => broadcasts.live$).pipe(
    map(eventOf),
    filter((event) => event !== undefined),
    share(),
  );

  function callerOf(meta: unknown, authInfo: AuthInfo | undefined): Caller {
    const given = isObject(meta) ? meta : {};
    const clientInfo = given[metaKeys.clientInfo];
    const capabilities = given[metaKeys.clientCapabilities];
    return {
      principal: authInfo && settings.principal(authInfo),
      authInfo,
      clientInfo: isImplementation(clientInfo) ? clientInfo : undefined,
      capabilities: isObject(capabilities) ? capabilities : {},
      era: 'modern',
    };
  }

  async function answer({ method, params = {} }: ValidRequest, ctx: ServerContext): Promise<Result> {
    const { mcpReq, http } = ctx;
    const envelope: Record<string, unknown> = { ...mcpReq.envelope };
    const caller = callerOf(envelope, http?.authInfo && toAuthInfo(http.authInfo));
    const rounds = createInputRounds({
      method,
      params,
      capabilities: caller.capabilities,
      state: mcpReq.requestState(),
      responses: mcpReq.inputResponses ?? {},
      sign: (state) => stateCodec().mint(state, ctx),
      scheduler: settings.scheduler,
    });
    const flow = http?.req && flows.get(http.req);
    const ended$ = merge(abortOf$(mcpReq.signal), registry.closed$);
    const notify = (notification: Parameters<Exchange['send']>[0]): void =>
      void mcpReq.notify(toSdk(notification)).catch(() => undefined);
    const exchange: Exchange = {
      request: { jsonrpc: '2.0', id: mcpReq.id, method, params },
      caller,
      ended$,
      send: (notification) => (flow ? flow.send(notification, notify) : notify(notification)),
      ask$: rounds.ask$,
      logLevel: () => loggingLevels.find((level) => level === envelope[metaKeys.logLevel]),
    };
    const answer$ = rounds.run$(core.answer$(exchange)).pipe(takeUntil(ended$));
    const result = await firstValueFrom(flow ? merge(answer$, flow.overflow$) : answer$, { defaultValue: {} });
    flow?.flush(notify);
    return result;
  }

  const handler = createMcpHandler(
    (): Server => {
      const verify = (state: string, ctx: ServerContext): Promise<RoundState> => stateCodec().verify(state, ctx);
      return createProtocolServer({ ...protocol, requestState: { verify } }, answer);
    },
    {
      legacy: 'reject',
      onerror: () => undefined,
      ...(settings.keepAlive !== false && { keepAliveMs: settings.keepAlive }),
      maxSubscriptions: settings.sessions === false ? maxSubscriptions : settings.sessions.max,
      bus: {
        publish: () => undefined,
        subscribe: (listener) => {
          const subscription = events$.subscribe(listener);
          return () => subscription.unsubscribe();
        },
      },
    },
  );
  closed$.subscribe(() => void handler.close().catch(report));

  /** Keeps the sources of a listening client's subscribed resources running. */
  function watch(body: unknown, authInfo: AuthInfo | undefined): Subscription {
    const work = new Subscription();
    if (!isListen(body)) return work;
    const { params, id } = body;
    const filters = isObject(params?.['notifications']) ? params['notifications'] : {};
    const uris = filters['resourceSubscriptions'];
    if (!Array.isArray(uris)) return work;
    const ended$ = new ReplaySubject<void>(1);
    const controller = new AbortController();
    const exchange: Exchange = {
      request: { jsonrpc: '2.0', id, method: 'subscriptions/listen' },
      caller: callerOf(params?._meta, authInfo),
      ended$,
      send: () => undefined,
      ask$: () => ended$,
      logLevel: () => undefined,
    };
    const ctx = createCallContext(exchange, controller.signal, () => undefined);
    watches.set(ctx, uris.filter((uri) => typeof uri === 'string').slice(0, maxWatched));
    work.add(() => {
      controller.abort();
      watches.set(ctx, []);
    });
    return work;
  }

  return async (request, authInfo, body) => {
    const watching = watch(body, authInfo);
    const flow = createResponseFlow(settings.buffer);
    flows.set(request, flow);
    const response = await handler.fetch(request, { parsedBody: body, ...(authInfo && { authInfo }) });
    return flow.follow(response, request.signal, () => watching.unsubscribe());
  };
}

/** The maximum number of listening clients of a stateless server. */
const maxSubscriptions = 10_000;
const maxWatched = 1_000;

function isListen(body: unknown): body is JSONRPCRequest {
  return isObject(body) && body['method'] === 'subscriptions/listen' && 'id' in body;
}

const kinds = new Map<unknown, ServerEvent['kind']>([
  ['notifications/tools/list_changed', 'tools_list_changed'],
  ['notifications/prompts/list_changed', 'prompts_list_changed'],
  ['notifications/resources/list_changed', 'resources_list_changed'],
  ['notifications/resources/updated', 'resource_updated'],
]);

/** Returns the event for a broadcast, or `undefined` for a notification that a listening client cannot subscribe to. */
function eventOf({ frame, target }: Broadcast): ServerEvent | undefined {
  if (target.principal !== undefined) return undefined;
  const message: unknown = JSON.parse(frame);
  if (!isObject(message)) return undefined;
  const kind = kinds.get(message['method']);
  if (kind !== 'resource_updated') return kind && { kind };
  const { params } = message;
  return isObject(params) && typeof params['uri'] === 'string' ? { kind, uri: params['uri'] } : undefined;
}

/** Notifications are sent unmodified. Their params are those of the protocol, or the tool's own. */
function toSdk(notification: { method: string; params?: object | undefined }): { method: string };
function toSdk(notification: { method: string }): { method: string } {
  return notification;
}

function toAuthInfo({ resource, extra, expiresAt, ...rest }: SdkAuthInfo): AuthInfo {
  return {
    ...rest,
    ...(resource && { resource }),
    ...(extra && { extra }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
