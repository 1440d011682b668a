import { auditTime, debounceTime, groupBy, mergeMap, type Observable, Subject, takeUntil } from 'rxjs';
import { HandlerError, MCPError } from '../errors';
import type { Implementation, Result } from '../protocol/types';
import { reasonOf } from '../util/reasonOf';
import type { ListingKeys } from './assertDefinitions';
import { createBroadcasts, type Broadcasts, type Target } from './broadcasts';
import type { CallContext } from './callContext';
import { createCallRegistry, lowestLevel, type CallRegistry } from './callRegistry';
import { createCalls, type Calls } from './calls';
import { createClientMessages, type ClientMessages } from './clientMessages';
import { createDispatcher, type Dispatcher } from './dispatcher';
import type { Exchange } from './exchange';
import { createKeepAlive, type KeepAlive } from './keepAlive';
import { createList, type List, type ListSource, type ListKind } from './list';
import { createStreamLeases, type StreamLeases } from './nodes/streamLeases';
import { keepStored, type StoredRecords } from './nodes/keepStored';
import { createNodeMessages, type NodeMessages } from './nodes/nodeMessages';
import type { PromptDefinition } from './prompt';
import type { ProtocolServerOptions } from './protocolServer';
import { createServerRequests, type ServerRequests } from './serverRequests';
import { createRequestHandlers, type ServerHandler, type SessionChange } from './requestHandlers';
import type { ResourceDefinition } from './resource';
import { createResourceStreams } from './resourceStreams';
import type { ServerSettings } from './serverOptions';
import type { LiveSession, ServerSession } from './serverSession';
import { createSessions, type Sessions } from './sessions';
import { createSubscriptionContext } from './subscriptionContext';
import type { ToolDefinition } from './tool';
import { createWatches, type Watches } from './watches';

/** The lists of a server. `undefined` for a kind of list that the server does not have. */
interface Lists {
  readonly tools: List<ToolDefinition> | undefined;
  readonly prompts: List<PromptDefinition> | undefined;
  readonly resources: List<ResourceDefinition> | undefined;
}

/** The parts of a server that all endpoints and sessions share. */
export interface ServerCore {
  readonly settings: ServerSettings;
  /** The name of this node, unique among the nodes of the server. */
  readonly node: () => string;
  readonly protocol: ProtocolServerOptions;
  readonly lists: Lists;
  readonly answer$: (exchange: Exchange) => Observable<Result>;
  readonly dispatcher: Dispatcher;
  readonly sessions: Sessions;
  readonly clientMessages: ClientMessages;
  readonly nodeMessages: NodeMessages;
  readonly registry: CallRegistry;
  /** Records which node has the stream of each session. `undefined` in a server with one node. */
  readonly streamLeases: StreamLeases | undefined;
  /** The records of sessions in the store. `undefined` in a server with one node. */
  readonly records: StoredRecords | undefined;
  readonly serverRequests: ServerRequests;
  readonly broadcasts: Broadcasts;
  readonly watches: Watches;
  readonly calls: Calls;
  readonly custom: Map<string, ServerHandler>;
  readonly keepAlive: KeepAlive;
  readonly errors$: Subject<MCPError>;
  /** Emits an error on `errors$`. */
  readonly report: (error: unknown) => void;
  /** Sends a notification to all sessions, or to those that match a target. */
  readonly broadcast: (method: string, params?: Record<string, unknown>, target?: Target) => Promise<void>;
  /** Announces an update of a resource. */
  readonly updated: (uri: string) => void;
  readonly closed$: Subject<void>;
  /** Returns the context in which the sources of a session's subscribed resources run. */
  readonly contextOf: (session: LiveSession) => CallContext;
}

export function createServerCore(info: Implementation, settings: ServerSettings): ServerCore {
  const { backplane, scheduler, coalesce, keepAlive } = settings;
  const closed$ = new Subject<void>();
  const errors$ = new Subject<MCPError>();
  const updated$ = new Subject<string>();
  const custom = new Map<string, ServerHandler>();
  const contexts = new WeakMap<ServerSession, CallContext>();
  let name: string | undefined;

  const node = (): string => (name ??= crypto.randomUUID().slice(0, 8));
  // A source may fail while the server is created. `errors$` has no subscriber until the constructor has returned, so
  // such errors are emitted in a microtask.
  let isCreated = false;
  queueMicrotask(() => (isCreated = true));
  const report = (error: unknown): void => {
    if (isCreated) errors$.next(toTyped(error));
    else queueMicrotask(() => errors$.next(toTyped(error)));
  };

  const createListOf = <T extends { listing: ListingKeys }>(
    kind: ListKind,
    source$: ListSource<T> | undefined,
  ): List<T> | undefined => source$ && createList(source$, { kind, coalesce, scheduler, closed$, onError: report });
  const lists: Lists = {
    tools: createListOf('tools', settings.tools),
    prompts: createListOf('prompts', settings.prompts),
    resources: createListOf('resources', settings.resources),
  };

  const broadcasts = createBroadcasts(backplane, node, report);
  const broadcast = (method: string, params?: Record<string, unknown>, target?: Target): Promise<void> =>
    broadcasts.send(JSON.stringify({ jsonrpc: '2.0', method, ...(params && { params }) }), target);
  const broadcastLocally = (method: string, params?: Record<string, unknown>, target?: Target): void =>
    void broadcast(method, params, { ...target, node: node() }).catch(report);

  const serverRequests = createServerRequests(node, report);
  const registry = createCallRegistry();
  const calls = createCalls(scheduler, isErrorResult);
  const streams = createResourceStreams({
    coalesce,
    scheduler,
    onUpdate: (uri) => broadcastLocally('notifications/resources/updated', { uri }, { subscribed: uri }),
    onError: report,
  });
  updated$
    .pipe(
      groupBy((uri) => uri, { duration: (group$) => group$.pipe(debounceTime(coalesce * 2, scheduler)) }),
      mergeMap((group$) => group$.pipe(auditTime(coalesce, scheduler))),
      takeUntil(closed$),
    )
    .subscribe((uri) => {
      broadcast('notifications/resources/updated', { uri }, { subscribed: uri }).catch(report);
    });
  const watches = createWatches(lists.resources, streams);
  const isBusy = (session: LiveSession): boolean => registry.isBusy(session) || session.isListeningHere;
  const nodeMessages = createNodeMessages(settings, node, report);
  const clientMessages = createClientMessages(node, nodeMessages, serverRequests, registry);
  const sessions = createSessions({ settings, node, nodeMessages, serverRequests, isBusy, onError: report });
  const streamLeases =
    settings.isShared && settings.sessions ? createStreamLeases(backplane, node, settings.sessions.idle) : undefined;
  const records = streamLeases && keepStored(settings, { sessions, streamLeases, onError: report, until$: closed$ });

  async function update(session: ServerSession, change: SessionChange): Promise<void> {
    const live = await sessions.find(session.id, session.caller.authInfo);
    if (!live) return;
    const { record } = live;
    if ('level' in change) return sessions.store(live, { ...record, ...change });
    const uris = new Set(record.uris);
    if ('subscribe' in change) uris.add(change.subscribe);
    else uris.delete(change.unsubscribe);
    await sessions.store(live, { ...record, uris: [...uris].slice(-maxSubscriptions) });
    watches.set(contextOf(live), live.record.uris);
  }

  function contextOf(session: LiveSession): CallContext {
    const existing = contexts.get(session);
    if (existing) return existing;
    const exchange: Exchange = {
      request: { jsonrpc: '2.0', id: 0, method: 'resources/subscribe' },
      caller: session.caller,
      session,
      ended$: session.ended$,
      send({ method, params }) {
        if (!session.isEnded) session.notify(method, params).catch(report);
      },
      request$: (_key, method, params) => session.request$(method, params),
      logLevel: () => lowestLevel(session),
    };
    const { ctx, abort } = createSubscriptionContext(exchange, report);
    contexts.set(session, ctx);
    session.ended$.subscribe(() => {
      abort();
      watches.set(ctx, []);
    });
    return ctx;
  }

  sessions.messages$.subscribe(({ session, message }) => {
    if (message.kind === 'cancel') registry.cancel(session, message.request);
    if (message.kind === 'stored' && session.isListeningHere) watches.set(contextOf(session), session.record.uris);
    if (message.kind === 'listening' && message.on && message.node !== node()) {
      session.events?.close();
      watches.set(contextOf(session), []);
    }
  });

  const { methods, answer$ } = createRequestHandlers({
    ...lists,
    completions: settings.completions,
    custom,
    streams,
    calls,
    scheduler,
    onError: report,
    update,
  });
  const protocol: ProtocolServerOptions = {
    info,
    capabilities: {
      logging: {},
      ...(lists.tools && { tools: { listChanged: true } }),
      ...(lists.prompts && { prompts: { listChanged: true } }),
      ...(lists.resources && { resources: { listChanged: true, subscribe: settings.sessions !== false } }),
      ...(settings.completions && { completions: {} }),
      ...settings.capabilities,
    },
    instructions: settings.instructions,
    methods,
  };

  for (const kind of ['tools', 'prompts', 'resources'] as const) {
    lists[kind]?.changes$.pipe(takeUntil(closed$)).subscribe(({ isManual }) => {
      const method = `notifications/${kind}/list_changed`;
      if (isManual) broadcast(method).catch(report);
      else broadcastLocally(method);
    });
  }

  return {
    settings,
    node,
    protocol,
    lists,
    answer$,
    dispatcher: createDispatcher(protocol, answer$),
    sessions,
    clientMessages,
    nodeMessages,
    registry,
    streamLeases,
    records,
    serverRequests,
    broadcasts,
    watches,
    calls,
    custom,
    keepAlive: createKeepAlive(keepAlive, scheduler),
    errors$,
    report,
    broadcast,
    updated: (uri) => updated$.next(uri),
    closed$,
    contextOf,
  };
}

const maxSubscriptions = 1_000;

function isErrorResult(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'isError' in result && result.isError === true;
}

function toTyped(cause: unknown): MCPError {
  return cause instanceof MCPError ? cause : new HandlerError(`server: ${reasonOf(cause).message}`, { cause });
}
