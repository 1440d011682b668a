import type { Client as ModernSdkClient } from '@modelcontextprotocol/client';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type {
  ClientCapabilities as SdkClientCapabilities,
  CreateMessageRequest,
  CreateMessageResult,
  CreateMessageResultWithTools,
  ElicitRequest,
  ElicitResult,
  EmptyResult,
  Implementation as SdkImplementation,
  InitializeResult,
  ListRootsRequest,
  ListRootsResult,
  ListToolsResult,
  PingRequest,
  Request as SdkRequest,
  ServerCapabilities as SdkServerCapabilities,
  ServerRequest,
  BlobResourceContents as SdkBlobResourceContents,
  TextResourceContents as SdkTextResourceContents,
} from '@modelcontextprotocol/sdk/types.js';
import { expectTypeOf } from 'expect-type';
import {
  type BehaviorSubject,
  map,
  mergeMap,
  NEVER,
  type Observable,
  type ObservableInput,
  of,
  type OperatorFunction,
  type RetryConfig,
  type SchedulerLike,
  type Subject,
} from 'rxjs';
import {
  type BackoffOptions,
  boundedConcatMap,
  type BoundedConcatMapOptions,
  type CallOptions,
  type CallToolOptions,
  type Client,
  type ClientCapabilities,
  type Connection,
  type ConnectionContext,
  type Connector,
  type ConnectorOptions,
  type ConnectorServerConfig,
  type Engine,
  type EngineTarget,
  type Gap,
  HttpConnector,
  type HttpConnectorOptions,
  type HttpOptions,
  type HttpServerConfig,
  type Implementation,
  type IncomingRequest,
  isRetryable,
  listDiff,
  type ListDiff,
  type ListKind,
  MCPClient,
  type MCPClientConfig,
  type MCPClientOptions,
  type MCPError,
  MCPSession,
  type Notification,
  type NotificationHandler,
  type OfMethodOptions,
  type ProgressToken,
  type Prompt,
  type Reconnect,
  type Request,
  type RequestHandler,
  type RequestMap,
  type RequestOptions,
  type Resource,
  type ResourceContents,
  type BlobResourceContents,
  type CompleteParams,
  type TextResourceContents,
  type ResourceOptions,
  type Result,
  type ResultMap,
  type Root,
  type RootsSubject,
  type ServerCapabilities,
  type ServerConfig,
  type ServerErrorEvent,
  type ServerGapEvent,
  type ServerNotificationEvent,
  type ServerPrompt,
  type ServerResource,
  type ServerTool,
  type Session,
  type SessionOptions,
  type SessionStatus,
  type StdioServerConfig,
  type StreamState,
  type Tool,
  TransportConnector,
  type ValidateOutput,
  type Watchdog,
} from 'rx-mcp';
import { clientOf, modern, type ModernOptions } from 'rx-mcp/modern';
import { StdioConnector, type StdioServer } from 'rx-mcp/stdio';

describe('the types of a client', () => {
  it('accept servers by name, each with a URL or a command', () => {
    expectTypeOf(MCPClient).constructorParameters.toEqualTypeOf<
      [config: MCPClientConfig, options?: MCPClientOptions]
    >();
    expectTypeOf<MCPClientConfig['mcpServers']>().toEqualTypeOf<Readonly<Record<string, ServerConfig>>>();
    expectTypeOf<ServerConfig>().toEqualTypeOf<HttpServerConfig | StdioServerConfig | ConnectorServerConfig>();
    expectTypeOf<HttpServerConfig>().toExtend<HttpConnectorOptions & { url: string | URL }>();
    expectTypeOf<StdioServerConfig>().toExtend<StdioServer & ConnectorOptions>();
    expectTypeOf<
      (MCPClientConfig | MCPClientOptions | HttpServerConfig | StdioServerConfig)['onNotification']
    >().toEqualTypeOf<NotificationHandler | undefined>();
    expectTypeOf<MCPClientOptions>().toExtend<SessionOptions & { engine?: Engine }>();

    const wrong = (): unknown[] => [
      // @ts-expect-error -- a server has a URL or a command
      new MCPClient({ mcpServers: { none: {} } }),
      // @ts-expect-error -- mcpServers is required
      new MCPClient({}),
    ];
    expectTypeOf(wrong).toBeFunction();
  });

  it('have sessions by name and combined streams', () => {
    expectTypeOf<MCPClient['session']>().toEqualTypeOf<(name: string) => MCPSession>();
    expectTypeOf<MCPClient['createSession']>().returns.resolves.toEqualTypeOf<MCPSession>();
    expectTypeOf<MCPClient['createSession']>().parameters.toEqualTypeOf<
      [name: string, options?: { retry?: boolean | undefined }]
    >();
    expectTypeOf<MCPClient['createAllSessions']>().parameters.toEqualTypeOf<
      [options?: { retry?: boolean | undefined }]
    >();
    expectTypeOf<MCPClient['getSession']>().returns.toEqualTypeOf<MCPSession | undefined>();
    expectTypeOf<MCPClient['notifications$']>().toEqualTypeOf<Observable<ServerNotificationEvent>>();
    expectTypeOf<ServerNotificationEvent>().toEqualTypeOf<{ server: string; notification: Notification }>();
    expectTypeOf<MCPClient['status$']>().toEqualTypeOf<Observable<ReadonlyMap<string, SessionStatus>>>();
    expectTypeOf<MCPClient['errors$']>().toEqualTypeOf<Observable<ServerErrorEvent>>();
    expectTypeOf<ServerErrorEvent>().toEqualTypeOf<{ server: string; error: MCPError }>();
    expectTypeOf<MCPClient['gaps$']>().toEqualTypeOf<Observable<ServerGapEvent>>();
    expectTypeOf<ServerGapEvent>().toEqualTypeOf<{ server: string; gap: Gap }>();
    expectTypeOf<MCPClient['tools$']>().toEqualTypeOf<Observable<readonly ServerTool[]>>();
    expectTypeOf<ServerTool>().toEqualTypeOf<{ server: string; tool: Tool }>();
    expectTypeOf<MCPClient['prompts$']>().toEqualTypeOf<Observable<readonly ServerPrompt[]>>();
    expectTypeOf<ServerPrompt>().toEqualTypeOf<{ server: string; prompt: Prompt }>();
    expectTypeOf<MCPClient['resources$']>().toEqualTypeOf<Observable<readonly ServerResource[]>>();
    expectTypeOf<ServerResource>().toEqualTypeOf<{ server: string; resource: Resource }>();
    expectTypeOf(MCPClient.fromConfigFile).returns.resolves.toEqualTypeOf<MCPClient>();
  });
});

describe('the types of options', () => {
  it('have the options of a session', () => {
    expectTypeOf(MCPSession).constructorParameters.toEqualTypeOf<[connector: Connector, options?: SessionOptions]>();
    expectTypeOf<Required<SessionOptions>>().toEqualTypeOf<{
      clientInfo: Implementation;
      capabilities: ClientCapabilities;
      timeout: number;
      maxTotalTimeout: number;
      offline: 'wait' | 'fail';
      validateOutput: ValidateOutput;
      meta: (request: Request) => Record<string, unknown> | undefined;
      scheduler: SchedulerLike;
    }>();
    expectTypeOf<Implementation>().toEqualTypeOf<SdkImplementation>();
    expectTypeOf<ClientCapabilities>().toEqualTypeOf<SdkClientCapabilities>();
  });

  it('have the options of a call and a view', () => {
    expectTypeOf<Required<CallOptions>>().toEqualTypeOf<{
      signal: AbortSignal;
      timeout: number;
      maxTotalTimeout: number;
      progressToken: ProgressToken;
      meta: Record<string, unknown>;
      validateOutput: ValidateOutput;
    }>();
    expectTypeOf<RequestOptions>().toEqualTypeOf<{
      validateOutput?: ValidateOutput | undefined;
      acceptsTask?: boolean | undefined;
    }>();
    expectTypeOf<CallToolOptions>().toExtend<CallOptions>();
    expectTypeOf<CallToolOptions['task']>().toEqualTypeOf<{ ttl?: number | undefined } | undefined>();
    expectTypeOf<ResourceOptions>().toEqualTypeOf<{ pollInterval?: number }>();
    expectTypeOf<MCPSession['resource$']>().returns.toEqualTypeOf<Observable<Readonly<ResourceContents>>>();
    expectTypeOf<ResourceContents[number]>().toEqualTypeOf<TextResourceContents | BlobResourceContents>();
    expectTypeOf<SdkTextResourceContents>().toExtend<TextResourceContents>();
    expectTypeOf<SdkBlobResourceContents>().toExtend<BlobResourceContents>();
    expectTypeOf<MCPSession['complete']>().parameter(0).toEqualTypeOf<CompleteParams>();
  });

  it('have the options of connectors', () => {
    expectTypeOf(HttpConnector).constructorParameters.toEqualTypeOf<
      [url: string | URL, options?: HttpConnectorOptions]
    >();
    expectTypeOf<HttpConnectorOptions>().toExtend<HttpOptions & ConnectorOptions>();
    expectTypeOf<HttpOptions['authProvider']>().toEqualTypeOf<OAuthClientProvider | undefined>();
    expectTypeOf<HttpOptions['watchdog']>().toEqualTypeOf<Watchdog | undefined>();
    expectTypeOf<Watchdog>().toEqualTypeOf<number | 'auto' | false>();
    expectTypeOf(StdioConnector).constructorParameters.toEqualTypeOf<
      [server: StdioServer, options?: ConnectorOptions]
    >();
    expectTypeOf<StdioServer['command']>().toBeString();
    expectTypeOf(TransportConnector).constructorParameters.toEqualTypeOf<
      [createTransport: () => Transport | Promise<Transport>, options?: ConnectorOptions]
    >();
    expectTypeOf<ConnectorOptions['roots']>().toEqualTypeOf<readonly Root[] | undefined>();
    expectTypeOf<ConnectorOptions['keepAlive']>().toEqualTypeOf<number | false | undefined>();
    expectTypeOf<ConnectorOptions['engine']>().toEqualTypeOf<Engine | undefined>();
  });

  it('have the options of reconnecting', () => {
    expectTypeOf<ConnectorOptions['reconnect']>().toEqualTypeOf<Reconnect | undefined>();
    expectTypeOf<Reconnect>().toEqualTypeOf<BackoffOptions | RetryConfig | false>();
    expectTypeOf<BackoffOptions['rejectionTimeout']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<BackoffOptions['jitter']>().toEqualTypeOf<'full' | 'none' | undefined>();
    expectTypeOf<BackoffOptions['isRetryable']>().toEqualTypeOf<((error: unknown) => boolean) | undefined>();
    expectTypeOf(isRetryable).toEqualTypeOf<(error: unknown) => boolean>();
  });

  it('have the options of engines', () => {
    expectTypeOf<Engine>().toEqualTypeOf<(target: EngineTarget) => Observable<Connection>>();
    expectTypeOf<EngineTarget['kind']>().toEqualTypeOf<'http' | 'transport'>();
    expectTypeOf<EngineTarget['context']>().toEqualTypeOf<ConnectionContext>();
    // Opaque: no member has a name that a program could use.
    expectTypeOf<Extract<keyof ConnectionContext, string>>().toBeNever();
    expectTypeOf(modern).toEqualTypeOf<(options?: ModernOptions) => Engine>();
    expectTypeOf<ModernOptions>().toEqualTypeOf<{ negotiation?: 'auto' | 'modern' | 'legacy' }>();
    expectTypeOf(clientOf).toEqualTypeOf<(connection: Connection) => ModernSdkClient | undefined>();
  });
});

describe('the types of a connection', () => {
  it('have the state of the stream', () => {
    type Closed = Exclude<StreamState, { listening: true }>;

    expectTypeOf<Connection['stream$']>().toEqualTypeOf<Observable<StreamState>>();
    expectTypeOf<Closed['since']>().toBeNumber();
    expectTypeOf<NonNullable<Closed['retry']>>().toEqualTypeOf<{ attempt: number; delay: number; error: MCPError }>();
    expectTypeOf<Connection['capabilities']>().toEqualTypeOf<ServerCapabilities>();
    expectTypeOf<ServerCapabilities>().toEqualTypeOf<SdkServerCapabilities>();
  });

  it('have the result by method', () => {
    expectTypeOf<ResultMap['initialize']>().toEqualTypeOf<InitializeResult>();
    expectTypeOf<ResultMap['tools/list']>().toEqualTypeOf<ListToolsResult>();
  });
});

describe('the types of server requests', () => {
  it('have the request, respond and reject', () => {
    expectTypeOf<MCPSession['requests$']>().toEqualTypeOf<Observable<IncomingRequest>>();
    expectTypeOf<IncomingRequest['request']>().toEqualTypeOf<Request>();
    expectTypeOf<IncomingRequest['respond']>().parameter(0).toEqualTypeOf<Result>();
    expectTypeOf<IncomingRequest['reject']>().parameter(0).toEqualTypeOf<Error>();
    expectTypeOf<IncomingRequest['cancelled']>().toEqualTypeOf<AbortSignal>();
    expectTypeOf<RequestHandler>().toEqualTypeOf<(request: Request) => ObservableInput<Result> | Result>();
    expectTypeOf<Request>().toEqualTypeOf<SdkRequest>();
  });

  it('have request and result by method', () => {
    type Of<M extends keyof RequestMap> = (
      request: RequestMap[M]['request'],
    ) => ObservableInput<RequestMap[M]['result']> | RequestMap[M]['result'];

    expectTypeOf<keyof RequestMap>().toEqualTypeOf<Exclude<ServerRequest['method'], `tasks/${string}`>>();
    expectTypeOf<RequestHandler<'sampling/createMessage'>>().toEqualTypeOf<Of<'sampling/createMessage'>>();
    expectTypeOf<RequestHandler<'elicitation/create'>>().toEqualTypeOf<Of<'elicitation/create'>>();
    expectTypeOf<RequestHandler<'roots/list'>>().toEqualTypeOf<Of<'roots/list'>>();
    expectTypeOf<RequestHandler<'ping'>>().toEqualTypeOf<Of<'ping'>>();
    expectTypeOf<RequestHandler<'custom/x'>>().toEqualTypeOf<RequestHandler>();
    expectTypeOf<RequestMap['sampling/createMessage']['request']>().toEqualTypeOf<CreateMessageRequest>();
    expectTypeOf<CreateMessageResult | CreateMessageResultWithTools>().toEqualTypeOf<
      RequestMap['sampling/createMessage']['result']
    >();
    expectTypeOf<RequestMap['elicitation/create']>().toEqualTypeOf<{ request: ElicitRequest; result: ElicitResult }>();
    expectTypeOf<RequestMap['roots/list']>().toEqualTypeOf<{ request: ListRootsRequest; result: ListRootsResult }>();
    expectTypeOf<RequestMap['ping']>().toEqualTypeOf<{ request: PingRequest; result: EmptyResult }>();
  });

  it("have the types of the handler's method", () => {
    const plain = (request: Request): Observable<Result> => of({ method: request.method });
    const handle = (session: MCPSession, method: string): unknown[] => [
      session.handle('sampling/createMessage', ({ params }) => {
        expectTypeOf(params).toEqualTypeOf<CreateMessageRequest['params']>();
        return of({ role: 'assistant', model: 'm', content: { type: 'text', text: `${params.maxTokens}` } });
      }),
      session.handle('elicitation/create', ({ params }) => of(params.message).pipe(map(() => ({ action: 'decline' })))),
      session.handle('elicitation/create', async () => ({ action: 'accept', content: { name: 'Ada', age: 36 } })),
      session.handle('roots/list', () => [{ roots: [{ uri: 'file:///a' }] }]),
      session.handle('ping', () => ({})),
      session.handle('custom/x', (request) => {
        expectTypeOf(request).toEqualTypeOf<Request>();
        return { any: 'thing' };
      }),
      session.handle(method, (request) => {
        expectTypeOf(request).toEqualTypeOf<Request>();
        return NEVER;
      }),
      session.handle('elicitation/create', ({ params }) => {
        const answer = { action: 'accept' as const, content: { name: params.message } };
        return answer;
      }),
      session.handle(method, plain),
      session.handle('custom/x', plain),
      // @ts-expect-error -- not a sampling result
      session.handle('sampling/createMessage', () => ({ role: 'x' })),
      // @ts-expect-error -- not one of the actions
      session.handle('elicitation/create', () => of({ action: 'maybe' })),
      // @ts-expect-error -- any result is not a sampling result
      session.handle('sampling/createMessage', plain),
      // @ts-expect-error -- roots have a URI
      session.handle('roots/list', () => ({ roots: [{ name: 'a' }] })),
      // @ts-expect-error -- a sampling request has no message
      session.handle('sampling/createMessage', ({ params }) => of(params.message).pipe(mergeMap(() => NEVER))),
    ];
    expectTypeOf(handle).toBeFunction();
  });

  it('have interfaces for injection and fakes', () => {
    expectTypeOf<MCPSession>().toExtend<Session>();
    expectTypeOf<MCPClient>().toExtend<Client>();
    expectTypeOf<keyof Session>().toEqualTypeOf<keyof MCPSession>();
    expectTypeOf<keyof Client>().toEqualTypeOf<keyof MCPClient>();
    const fakeRoots = (roots$: BehaviorSubject<readonly Root[]>): Session['roots$'] => roots$;
    const fake = (session: Session): Session => ({ ...session, tools$: NEVER, ping: () => Promise.resolve() });
    expectTypeOf(fake).returns.toEqualTypeOf<Session>();
    expectTypeOf(fakeRoots).toBeFunction();
  });

  it('have roots as a Subject with a value', () => {
    expectTypeOf<MCPSession['roots$']>().toEqualTypeOf<RootsSubject>();
    expectTypeOf<RootsSubject>().toExtend<Subject<readonly Root[]>>();
  });
});

describe('the types of the other operators', () => {
  it('have added, removed and changed', () => {
    expectTypeOf(listDiff<Tool>).returns.toEqualTypeOf<OperatorFunction<readonly Tool[], ListDiff<Tool>>>();
    expectTypeOf<ListDiff<Tool>>().toEqualTypeOf<{
      readonly added: readonly Tool[];
      readonly removed: readonly Tool[];
      readonly changed: readonly Tool[];
    }>();
    expectTypeOf<ListKind>().toEqualTypeOf<'tools' | 'prompts' | 'resources'>();
  });

  it('have the output of project', () => {
    const lengths = boundedConcatMap((text: string) => [text.length], { capacity: 2 });
    expectTypeOf(lengths).toEqualTypeOf<OperatorFunction<string, number>>();
    expectTypeOf<BoundedConcatMapOptions<string>['overflow']>().toEqualTypeOf<
      'dropOldest' | 'dropNewest' | 'latest' | 'error' | undefined
    >();
    expectTypeOf<BoundedConcatMapOptions<string>['onDrop']>().toEqualTypeOf<
      ((value: string, dropped: number) => void) | undefined
    >();
    expectTypeOf<OfMethodOptions['onInvalid']>().toEqualTypeOf<'drop' | 'error' | undefined>();
  });
});
