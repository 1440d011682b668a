import type {
  CompleteResult,
  EmptyResult,
  GetPromptResult,
  InitializeResult,
  ListToolsResult,
  ListPromptsResult,
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceResult,
} from '@modelcontextprotocol/sdk/types.js';
import { expectTypeOf } from 'expect-type';
import {
  type BehaviorSubject,
  type Observable,
  of,
  retry,
  type RetryConfig,
  type Subject,
  type Subscription,
} from 'rxjs';
import {
  backoff,
  type CallEvent,
  type CallToolOptions,
  type CallToolResult,
  type Connection,
  type Connector,
  type Gap,
  type WireEvent,
  type HttpConnector,
  type IncomingMessage,
  type JSONRPCRequest,
  type JSONRPCResponse,
  type MCPError,
  type MCPSession,
  type Notification,
  type NotificationHandler,
  type Progress,
  type Prompt,
  type Resource,
  type ResourceTemplate,
  type ResultMap,
  type Result,
  type Root,
  type SessionStatus,
  type Tool,
  type TransportConnector,
  type Task,
  type ToolResultOf,
} from 'rx-mcp';
import type { StdioConnector } from 'rx-mcp/stdio';
import { z } from 'zod';

describe('the types of a session', () => {
  it('have a status discriminated by state', () => {
    type In<S extends SessionStatus['state']> = Extract<SessionStatus, { state: S }>;

    expectTypeOf<MCPSession['status$']>().toEqualTypeOf<Observable<SessionStatus>>();
    expectTypeOf<SessionStatus['state']>().toEqualTypeOf<
      'idle' | 'connecting' | 'connected' | 'reconnecting' | 'closed'
    >();
    expectTypeOf<In<'idle'>>().toEqualTypeOf<{ state: 'idle' }>();
    expectTypeOf<In<'connecting'>>().toEqualTypeOf<{ state: 'connecting' }>();
    expectTypeOf<In<'connected'>>().toEqualTypeOf<{
      state: 'connected';
      listening: boolean;
      protocolVersion: string;
      protocolEra: 'legacy' | 'modern';
    }>();
    expectTypeOf<In<'reconnecting'>>().toEqualTypeOf<{
      state: 'reconnecting';
      attempt: number;
      delay: number;
      error: MCPError;
    }>();
    expectTypeOf<In<'closed'>>().toEqualTypeOf<{ state: 'closed'; error?: MCPError }>();

    const delayOf = (status: SessionStatus) => (status.state === 'reconnecting' ? status.delay : undefined);
    expectTypeOf(delayOf).returns.toEqualTypeOf<number | undefined>();
    expectTypeOf<SessionStatus>().not.toHaveProperty('delay');
  });

  it('have messages discriminated by kind', () => {
    type Of<K extends IncomingMessage['kind']> = Extract<IncomingMessage, { kind: K }>;

    expectTypeOf<MCPSession['messages$']>().toEqualTypeOf<Observable<IncomingMessage>>();
    expectTypeOf<IncomingMessage['at']>().toBeNumber();
    expectTypeOf<Of<'notification'>['notification']>().toEqualTypeOf<Notification>();
    expectTypeOf<Of<'request'>['request']>().toEqualTypeOf<JSONRPCRequest>();
    expectTypeOf<Of<'response'>['response']>().toEqualTypeOf<JSONRPCResponse>();
    expectTypeOf<Of<'error'>['error']>().toEqualTypeOf<MCPError>();
  });

  it('have the hot streams', () => {
    expectTypeOf<MCPSession['notifications$']>().toEqualTypeOf<Observable<Notification>>();
    expectTypeOf<MCPSession['errors$']>().toEqualTypeOf<Observable<MCPError>>();
    expectTypeOf<MCPSession['gaps$']>().toEqualTypeOf<Observable<Gap>>();
    expectTypeOf<MCPSession['wire$']>().toEqualTypeOf<Observable<WireEvent>>();
    expectTypeOf<Extract<WireEvent, { dir: unknown }>['dir']>().toEqualTypeOf<'in' | 'out'>();
    expectTypeOf<Extract<WireEvent, { event: unknown }>['event']>().toEqualTypeOf<'open' | 'lost' | 'closed'>();
    expectTypeOf<Gap>().toEqualTypeOf<{ since: number; until: number; cause: Error }>();
    expectTypeOf<MCPSession['connections$']>().toEqualTypeOf<Observable<Connection>>();
  });

  it('have live and fetched lists', () => {
    expectTypeOf<MCPSession['tools$']>().toEqualTypeOf<Observable<readonly Tool[]>>();
    expectTypeOf<MCPSession['prompts$']>().toEqualTypeOf<Observable<readonly Prompt[]>>();
    expectTypeOf<MCPSession['resources$']>().toEqualTypeOf<Observable<readonly Resource[]>>();
    expectTypeOf<MCPSession['resourceTemplates$']>().toEqualTypeOf<Observable<readonly ResourceTemplate[]>>();
    expectTypeOf<MCPSession['listTools']>().returns.resolves.toEqualTypeOf<Tool[]>();
    expectTypeOf<MCPSession['listPrompts']>().returns.resolves.toEqualTypeOf<Prompt[]>();
    expectTypeOf<MCPSession['listAllResources']>().returns.resolves.toEqualTypeOf<Resource[]>();
    expectTypeOf<ResultMap['prompts/list']>().toEqualTypeOf<ListPromptsResult>();
    expectTypeOf<ResultMap['resources/list']>().toEqualTypeOf<ListResourcesResult>();
    expectTypeOf<ResultMap['resources/templates/list']>().toEqualTypeOf<ListResourceTemplatesResult>();
    expectTypeOf<MCPSession['listResourceTemplates']>().returns.resolves.toEqualTypeOf<ResourceTemplate[]>();
  });

  it('have calls with progress and result', () => {
    type Event = CallEvent<CallToolResult>;

    const call$ = (session: MCPSession) => session.callTool$('x', {}, { timeout: 1 });
    const call = (session: MCPSession) => session.callTool('x', {}, { onProgress: ({ total }) => total });
    expectTypeOf(call$).returns.toEqualTypeOf<Observable<Event>>();
    expectTypeOf(call).returns.resolves.toEqualTypeOf<CallToolResult>();
    expectTypeOf<Event['kind']>().toEqualTypeOf<'progress' | 'task' | 'result'>();
    expectTypeOf<Extract<Event, { kind: 'task' }>>().toEqualTypeOf<{ kind: 'task'; task: Task }>();
    expectTypeOf<Extract<Event, { kind: 'result' }>>().toEqualTypeOf<{ kind: 'result'; result: CallToolResult }>();
    expectTypeOf<Extract<Event, { kind: 'progress' }>>().toExtend<Progress>();

    const done = (event: Event) => (event.kind === 'progress' ? event.progress / (event.total ?? 1) : 1);
    expectTypeOf(done).returns.toBeNumber();
  });

  it('type structuredContent by the output schema', () => {
    const output = z.object({ at: z.string().transform((text) => new Date(text)) });
    const call$ = (session: MCPSession) => session.callTool$('x', {}, { output });
    const call = (session: MCPSession) => session.callTool('x', undefined, { output, timeout: 1 });

    expectTypeOf(call).returns.resolves.toEqualTypeOf<ToolResultOf<typeof output>>();
    expectTypeOf(call$).returns.toEqualTypeOf<Observable<CallEvent<ToolResultOf<typeof output>>>>();
    expectTypeOf<ToolResultOf<typeof output>['structuredContent']>().toEqualTypeOf<{ at: Date }>();
    expectTypeOf<ToolResultOf<typeof output>['content']>().toEqualTypeOf<CallToolResult['content']>();
    expectTypeOf<ToolResultOf<typeof output>['isError']>().toEqualTypeOf<boolean | undefined>();
    expectTypeOf<CallToolOptions<typeof output>['output']>().toEqualTypeOf<typeof output | undefined>();

    const wrong = (session: MCPSession): unknown =>
      // @ts-expect-error -- a schema is an object with ~standard
      session.callTool('x', {}, { output: { type: 'object' } });
    expectTypeOf(wrong).toBeFunction();
  });

  it('have results by method', () => {
    const ask = {
      initialize: (session: MCPSession) => session.request('initialize'),
      ping: (session: MCPSession) => session.request('ping'),
      tools: (session: MCPSession) => session.request('tools/list'),
      call: (session: MCPSession) => session.request('tools/call', { name: 'tool' }, { timeout: 1 }),
      prompt: (session: MCPSession) => session.request('prompts/get', { name: 'prompt' }),
      read: (session: MCPSession) => session.request('resources/read', { uri: 'file:///a' }),
      complete: (session: MCPSession) => session.request('completion/complete'),
      custom: (session: MCPSession) => session.request('custom/anything', { any: 'thing' }),
      any: (session: MCPSession, method: string) => session.request(method),
    };

    expectTypeOf(ask.initialize).returns.resolves.toEqualTypeOf<InitializeResult>();
    expectTypeOf(ask.ping).returns.resolves.toEqualTypeOf<EmptyResult>();
    expectTypeOf(ask.tools).returns.resolves.toEqualTypeOf<ListToolsResult>();
    expectTypeOf(ask.call).returns.resolves.toEqualTypeOf<CallToolResult>();
    expectTypeOf(ask.prompt).returns.resolves.toEqualTypeOf<GetPromptResult>();
    expectTypeOf(ask.read).returns.resolves.toEqualTypeOf<ReadResourceResult>();
    expectTypeOf(ask.complete).returns.resolves.toEqualTypeOf<CompleteResult>();
    expectTypeOf(ask.custom).returns.resolves.toEqualTypeOf<Result>();
    expectTypeOf(ask.any).returns.resolves.toEqualTypeOf<Result>();
  });

  it('have roots as an Observer', () => {
    expectTypeOf<MCPSession['roots$']>().toExtend<Subject<readonly Root[]>>();
    expectTypeOf<MCPSession['roots$']['value']>().toEqualTypeOf<readonly Root[]>();
    expectTypeOf<MCPSession['getRoots']>().returns.toEqualTypeOf<readonly Root[]>();
    expectTypeOf<MCPSession['setRoots']>().toEqualTypeOf<(roots: readonly Root[]) => Promise<void>>();

    const drive = (workspace$: BehaviorSubject<Root[]>, session: MCPSession) => workspace$.subscribe(session.roots$);
    expectTypeOf(drive).returns.toEqualTypeOf<Subscription>();
    const wrong = (session: MCPSession): void => {
      // @ts-expect-error -- a root is an object with a URI
      session.roots$.next(['file:///a']);
    };
    expectTypeOf(wrong).toBeFunction();
  });

  it('have removable handlers', () => {
    expectTypeOf<MCPSession['on']>().returns.toEqualTypeOf<() => void>();
    expectTypeOf<MCPSession['handle']>().returns.toEqualTypeOf<() => void>();
    expectTypeOf<NotificationHandler>().toEqualTypeOf<(notification: Notification) => unknown>();

    const handle = (session: MCPSession): unknown[] => [
      session.handle('custom/promised', async ({ params }) => ({ params })),
      session.handle('custom/observed', ({ method }) => of({ method })),
      // @ts-expect-error -- unknown event
      session.on('message', () => {}),
      // @ts-expect-error -- a result is an object
      session.handle('custom/number', async () => 1),
    ];
    expectTypeOf(handle).toBeFunction();
  });
});

describe('the types of connectors', () => {
  it('implement Connector', () => {
    expectTypeOf<HttpConnector>().toExtend<Connector>();
    expectTypeOf<StdioConnector>().toExtend<Connector>();
    expectTypeOf<TransportConnector>().toExtend<Connector>();
  });

  it("emit connections, and work with RxJS's retry", () => {
    const connect = (connector: Connector) => connector.connect();
    const reconnect = (connector: Connector) => connector.connect().pipe(retry(backoff({ jitter: 'none' })));

    expectTypeOf(connect).returns.toEqualTypeOf<Observable<Connection>>();
    expectTypeOf(reconnect).returns.toEqualTypeOf<Observable<Connection>>();
    expectTypeOf(backoff).returns.toEqualTypeOf<RetryConfig>();
    expectTypeOf<Connection['protocolEra']>().toEqualTypeOf<'legacy' | 'modern'>();
    expectTypeOf<Connection['notifications$']>().toEqualTypeOf<Observable<Notification>>();

    const tools$ = (connection: Connection) => connection.request$({ method: 'tools/list' });
    expectTypeOf(tools$).returns.toEqualTypeOf<Observable<ListToolsResult>>();
  });
});
