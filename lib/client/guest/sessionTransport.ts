import { firstValueFrom, Subscription, take, takeWhile, throwIfEmpty } from 'rxjs';
import { HandlerError, SessionClosedError } from '../../errors';
import { isRequestId } from '../../protocol/message';
import type { JSONRPCMessage, JSONRPCRequest, Notification, ServerCapabilities } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import type { Connection } from '../connection/connection';
import { createClientProgress } from './clientProgress';
import { createForwardedRequests } from './forwardedRequests';
import { createClientRequests } from './clientRequests';
import type { SessionTransport, TransportContext, TransportSession } from './transport';

/** Client notifications that are not forwarded, because the session sends its own. */
const ownNotifications = new Set(['notifications/initialized', 'notifications/roots/list_changed']);

/** Creates a transport over a session. */
export function createSessionTransport(session: TransportSession, context: TransportContext): SessionTransport {
  const running = new Subscription();
  const transport: SessionTransport = { start, send, close };
  const deliver = deliverInOrder((message) => {
    try {
      if (!running.closed) transport.onmessage?.(message);
    } catch (cause) {
      transport.onerror?.(new HandlerError('session transport: onmessage threw', { cause }));
    }
  });
  const progress = createClientProgress();
  const requests = createClientRequests(session, { ...context, transport, progress, deliver });
  const serverRequests = createForwardedRequests(deliver);
  let current: Connection | undefined;
  let isInitialized = false;

  function start(): Promise<void> {
    if (running.closed) return Promise.reject(closedError('start'));
    running.add(session.notifications$.subscribe(forward));
    running.add(session.connections$.subscribe((connection) => (current = connection)));
    running.add(
      session.gaps$.subscribe(() => {
        for (const change of changesAfterGap(current?.capabilities ?? {}, requests.subscribed)) forward(change);
      }),
    );
    // Before the client is initialized, a closed session leads to an error of `initialize` instead.
    const open$ = session.status$.pipe(takeWhile(({ state }) => state !== 'closed' || !isInitialized));
    running.add(open$.subscribe({ complete: () => isInitialized && void close() }));
    return Promise.resolve();
  }

  async function send(message: JSONRPCMessage): Promise<void> {
    if (running.closed) throw closedError('send');
    if (!('method' in message)) serverRequests.settle(message);
    else if (!('id' in message)) await notify(message);
    else if (message.method === 'initialize') await initialize(message);
    else requests.send(message);
  }

  function close(): Promise<void> {
    if (running.closed) return Promise.resolve();
    running.unsubscribe();
    requests.close();
    serverRequests.close();
    transport.onclose?.();
    return Promise.resolve();
  }

  function forward({ method, params }: Notification): void {
    const isProgress = method === 'notifications/progress';
    const own = isProgress ? progress.translate(params) : params;
    if (own || !isProgress) deliver({ jsonrpc: '2.0', method, ...(own && { params: own }) });
  }

  async function initialize({ id, params }: JSONRPCRequest): Promise<void> {
    const declared: unknown = params?.['capabilities'];
    const capabilities = isObject(declared) ? declared : {};
    running.add(
      context.clients.add({ capabilities, isBusy: () => requests.size > 0, request: serverRequests.request }),
    );
    const { state } = await firstValueFrom(session.status$);
    // While reconnecting, `connect()` would skip the delay of the reconnect policy.
    if (state !== 'reconnecting') await session.connect();
    const ended = (): Error => new SessionClosedError('initialize: the session is closed');
    const connection = await firstValueFrom(session.connections$.pipe(take(1), throwIfEmpty(ended)));
    isInitialized = true;
    deliver({ jsonrpc: '2.0', id, result: initializeResult(connection, params?.['protocolVersion']) });
  }

  async function notify({ method, params }: Notification): Promise<void> {
    const id = params?.['requestId'];
    if (method === 'notifications/cancelled' && isRequestId(id)) {
      requests.cancel(id);
    } else if (!ownNotifications.has(method)) {
      await session.notify(method, params);
    }
  }

  return transport;
}

/**
 * Returns the `initialize` result for a client, from the handshake of the session. The protocol version is the older
 * one of the session's and the client's, because clients read messages of newer versions as well.
 */
function initializeResult(connection: Connection, requestedVersion: unknown): Record<string, unknown> {
  const { protocolVersion, capabilities, serverInfo, instructions } = connection;
  const isOlder = typeof requestedVersion === 'string' && requestedVersion < protocolVersion;
  return {
    protocolVersion: isOlder ? requestedVersion : protocolVersion,
    capabilities,
    serverInfo,
    ...(instructions !== undefined && { instructions }),
  };
}

/** Returns the notifications that make a client refetch the lists and resources that may have changed during a gap. */
function changesAfterGap(capabilities: ServerCapabilities, uris: Iterable<string>): Notification[] {
  const { tools, prompts, resources } = capabilities;
  const lists = Object.entries({ tools, prompts, resources }).filter(([, capability]) => capability?.listChanged);
  return [
    ...lists.map(([list]) => ({ method: `notifications/${list}/list_changed` })),
    ...[...uris].map((uri) => ({ method: 'notifications/resources/updated', params: { uri } })),
  ];
}

function closedError(operation: string): SessionClosedError {
  return new SessionClosedError(`${operation}: the transport is closed`);
}

/**
 * Returns a function that delivers messages to an MCP client one at a time.
 *
 * The SDK's clients handle notifications in a microtask, but responses synchronously. If progress and the result were
 * delivered together, the result would remove the progress handler first, and the progress would be lost. Therefore,
 * the message after a notification waits until that microtask has run.
 *
 * @see https://github.com/modelcontextprotocol/typescript-sdk/issues/2580
 */
export function deliverInOrder(deliver: (message: JSONRPCMessage) => void): (message: JSONRPCMessage) => void {
  const waiting: JSONRPCMessage[] = [];
  let isFlushing = false;

  /** Delivers a message. Returns whether the next message can be delivered immediately. */
  function deliverNext(message: JSONRPCMessage): boolean {
    isFlushing = !('id' in message);
    deliver(message);
    // The client queued its microtask during `deliver`, so this microtask runs after it.
    if (isFlushing) queueMicrotask(flush);
    return !isFlushing;
  }

  function flush(): void {
    isFlushing = false;
    let next = waiting.shift();
    while (next && deliverNext(next)) next = waiting.shift();
  }

  return (message) => {
    if (isFlushing || waiting.length > 0) waiting.push(message);
    else deliverNext(message);
  };
}
