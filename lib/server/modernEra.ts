import {
  type AuthInfo as SdkAuthInfo,
  createMcpHandler,
  createRequestStateCodec,
  type McpHttpHandler,
  type McpRequestContext,
  type RequestStateCodec,
  type Server,
  type ServerContext,
  type ServerEventBus,
} from '@modelcontextprotocol/server';
import { firstValueFrom, merge, type SchedulerLike, takeUntil } from 'rxjs';
import { metaKeys } from '../client/modern/meta';
import { loggingLevels } from '../notification/notificationMap';
import { isRequest } from '../protocol/message';
import type { Result } from '../protocol/types';
import { abortOf$ } from '../util/abort';
import type { AuthInfo } from './caller';
import type { Exchange } from './exchange';
import { createInputRequests, type InputRequestState } from './inputRequests';
import { modernCallerOf } from './modernCaller';
import { createModernListen } from './modernListen';
import { refuseParamHeaders } from './paramHeaders';
import { createProtocolServer, type ValidRequest } from './protocolServer';
import { createResponseFlow, type ResponseFlow } from './responseFlow';
import type { ServerCore } from './serverCore';

/** Answers a request of protocol 2026-07-28. */
export type ServeModern = (request: Request, authInfo: AuthInfo | undefined, body: unknown) => Promise<Response>;

/** The implementation of protocol 2026-07-28. */
export interface ModernEra {
  readonly serve: ServeModern;
  /**
   * Like {@link ModernEra.serve}, but also checks that the headers of tool calls match the arguments that they repeat.
   * Other transports have no headers.
   */
  readonly serveHttp: ServeModern;
}

/** Creates a {@link ModernEra}. Protocol 2026-07-28 has no sessions, so each request has its own SDK `Server`. */
export function createModernEra(core: ServerCore): ModernEra {
  const { settings, protocol, lists, custom, registry, closed$, report } = core;
  const flows = new WeakMap<Request, { flow: ResponseFlow; method: string | undefined }>();
  let codec: RequestStateCodec<InputRequestState> | undefined;

  function stateCodec(): RequestStateCodec<InputRequestState> {
    const key = settings.secret ?? crypto.getRandomValues(new Uint8Array(32));
    return (codec ??= createRequestStateCodec<InputRequestState>({
      key,
      bind: ({ http }) => (http?.authInfo && settings.principal(toAuthInfo(http.authInfo))) ?? '',
    }));
  }

  async function answer({ method, params = {} }: ValidRequest, ctx: ServerContext): Promise<Result> {
    const { mcpReq, http } = ctx;
    const envelope: Record<string, unknown> = { ...mcpReq.envelope };
    const caller = modernCallerOf(settings, envelope, http?.authInfo && toAuthInfo(http.authInfo));
    const inputRequests = createInputRequests({
      method,
      params,
      capabilities: caller.capabilities,
      state: mcpReq.requestState(),
      responses: mcpReq.inputResponses ?? {},
      sign: (state) => stateCodec().mint(state, ctx),
      scheduler: settings.scheduler,
    });
    const flow = http?.req && flows.get(http.req)?.flow;
    const ended$ = merge(abortOf$(mcpReq.signal), registry.closed$);
    const notify = (notification: Parameters<Exchange['send']>[0]): void =>
      void mcpReq.notify(toSdk(notification)).catch(() => undefined);
    const exchange: Exchange = {
      request: { jsonrpc: '2.0', id: mcpReq.id, method, params },
      caller,
      ended$,
      send: (notification) => (flow ? flow.send(notification, notify) : notify(notification)),
      request$: inputRequests.request$,
      get isInputRequired() {
        return inputRequests.isInputRequired;
      },
      logLevel: () => loggingLevels.find((level) => level === envelope[metaKeys.logLevel]),
    };
    const answer$ = inputRequests.run$(core.answer$(exchange)).pipe(takeUntil(ended$));
    try {
      const result = await firstValueFrom(flow ? merge(answer$, flow.overflow$) : answer$, { defaultValue: {} });
      flow?.flush(notify);
      return result;
    } finally {
      flow?.end();
    }
  }

  function createServer({ requestInfo }: McpRequestContext): Server {
    const verify = (state: string, ctx: ServerContext): Promise<InputRequestState> => stateCodec().verify(state, ctx);
    const method = requestInfo && flows.get(requestInfo)?.method;
    // For a method without a handler, the SDK responds with the HTTP status for unknown methods.
    const isOpen = method !== undefined && custom.has(method);
    return createProtocolServer({ ...protocol, requestState: { verify }, isOpen }, answer);
  }

  function createHandler(bus: ServerEventBus): McpHttpHandler {
    return createMcpHandler(createServer, {
      legacy: 'reject',
      onerror: () => undefined,
      ...(settings.keepAlive !== false && { keepAliveMs: settings.keepAlive }),
      bus,
    });
  }

  const serveListen = createModernListen(core, createHandler);
  const handler = createHandler({ publish: () => undefined, subscribe: () => () => undefined });
  closed$.subscribe(() => void handler.close().catch(report));

  /** @param scheduler - the clock for clients that do not read. Default: such clients are waited for. */
  async function serve(
    request: Request,
    authInfo: AuthInfo | undefined,
    body: unknown,
    scheduler?: SchedulerLike,
  ): Promise<Response> {
    const flow = createResponseFlow(settings.buffer, scheduler);
    if (isRequest(body) && body.method === 'subscriptions/listen') return serveListen(request, authInfo, body, flow);
    flows.set(request, { flow, method: isRequest(body) ? body.method : undefined });
    const release = registry.countRequest();
    try {
      const response = await handler.fetch(request, { parsedBody: body, ...(authInfo && { authInfo }) });
      return flow.follow(response, request.signal, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  return {
    serve: (request, authInfo, body) => serve(request, authInfo, body),
    async serveHttp(request, authInfo, body) {
      const { scheduler } = settings;
      if (!isRequest(body) || body.method !== 'tools/call') return serve(request, authInfo, body, scheduler);
      const caller = modernCallerOf(settings, body.params?._meta, authInfo);
      return (
        (await refuseParamHeaders(lists.tools, caller, request, body)) ?? serve(request, authInfo, body, scheduler)
      );
    },
  };
}

/** Changes the type of a notification for the SDK, which is too narrow. The notification itself is not changed. */
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
