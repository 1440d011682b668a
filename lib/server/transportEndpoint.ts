import { filter, NEVER, Subscription } from 'rxjs';
import { ServerError, SessionClosedError } from '../errors';
import { isRequest } from '../protocol/message';
import type { JSONRPCRequest } from '../protocol/types';
import { isObject } from '../util/isObject';
import { hasMethods } from '../util/options';
import { createCallLog, type FrameKind } from './callLog';
import { isFor } from './listenStream';
import { recordOf } from './legacyHttp';
import type { ModernEra } from './modernEra';
import { startListening } from './listening';
import { createModernMessages } from './modernMessages';
import type { ServerCore } from './serverCore';
import { LiveSession } from './serverSession';

/** A `Transport` of either generation of the SDK. */
export interface ServerTransport {
  /** Starts receiving messages. */
  start(): Promise<void>;
  /** Sends a message. */
  send(message: never): Promise<void>;
  /** Closes the transport. */
  close(): Promise<void>;
  /** Called when the transport has closed. Set by the server. */
  onclose?: (() => void) | undefined;
  /** Called with errors that do not belong to a message. Set by the server. */
  onerror?: ((error: Error) => void) | undefined;
  /** Called with each message from the client. Set by the server. */
  onmessage?: ((message: never) => void) | undefined;
}

const assertTransport = hasMethods('a transport', 'start', 'send', 'close');
const invalidRequest = -32600;

/**
 * Serves a transport as one session. Resolves when the transport closes. Rejects if the transport cannot be started or
 * the server is closed.
 */
export async function serveTransport(
  core: ServerCore,
  loadModern: (() => Promise<ModernEra>) | undefined,
  transport: ServerTransport,
  isServerClosed: boolean,
): Promise<void> {
  assertTransport(transport, 'transport');
  if (isServerClosed) {
    await transport.close();
    throw new SessionClosedError('connect: the server is closed');
  }
  const work = new Subscription();
  const closed = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  transport.onerror = core.report;
  const receive = createReceiver(core, transport, work);
  const modern =
    loadModern &&
    createModernMessages(
      async (...request) => (await loadModern()).serve(...request),
      (message) => toTransport(transport, message),
      core.report,
    );
  work.add(() => modern?.close());
  // Process messages in order, so that no message overtakes the `initialize` request.
  let last = Promise.resolve();
  transport.onmessage = (message: unknown) => {
    if (modern?.receive(message)) return;
    last = last.then(() => receive(message)).catch(core.report);
  };
  work.add(core.closed$.subscribe(() => void transport.close().catch(core.report)));
  try {
    await transport.start();
    await closed;
  } finally {
    work.unsubscribe();
  }
}

function createReceiver(
  core: ServerCore,
  transport: ServerTransport,
  work: Subscription,
): (message: unknown) => Promise<void> {
  const { sessions, broadcasts, dispatcher, node, report } = core;
  let session: LiveSession | undefined;

  function send(message: object): Promise<void> {
    return toTransport(transport, { jsonrpc: '2.0', ...message });
  }

  function refuse({ id }: JSONRPCRequest, text: string): Promise<void> {
    const { code, message } = new ServerError(text, { code: invalidRequest });
    return send({ id, error: { code, message } });
  }

  async function begin(request: JSONRPCRequest): Promise<void> {
    const response = await dispatcher.initialize(request);
    const record = recordOf(request, response, '0');
    if (!record) return send(response);
    const created = new LiveSession(crypto.randomUUID(), record, {
      serverRequests: core.serverRequests,
      isStored: false,
      send: (_session, message) => send(message),
      recovered$: NEVER,
      end: () => transport.close(),
      onError: report,
    });
    session = created;
    // Send the response before the session is added, so that no message overtakes it.
    await send(response);
    sessions.add(created);
    work.add(
      broadcasts.live$
        .pipe(filter((broadcast) => isFor(broadcast, created, node())))
        .subscribe(({ frame }) => void toTransport(transport, parse(frame)).catch(report)),
    );
    work.add(startListening(core, created));
    work.add(() => void sessions.end(created, 'closed').catch(report));
  }

  return async (message) => {
    if (isRequest(message)) {
      if (message.method === 'initialize' && !session) await begin(message);
      else if (!session || message.method === 'initialize')
        await refuse(message, 'initialize: expected exactly once, as the first request');
      else serveRequest(core, session, transport, message, refuse);
    } else if (isObject(message) && session) await core.clientMessages.receive(session, message);
  };
}

function serveRequest(
  { registry, dispatcher, serverRequests, settings, report }: ServerCore,
  session: LiveSession,
  transport: ServerTransport,
  request: JSONRPCRequest,
  refuse: (request: JSONRPCRequest, text: string) => Promise<void>,
): void {
  // A transport cannot be resumed, so no message is dropped, except for outdated progress.
  const log = createCallLog({
    key: '',
    log: undefined,
    backplane: settings.backplane,
    buffer: settings.buffer,
    onError: report,
  });
  const write = (message: object, kind: FrameKind): void =>
    log.add(JSON.stringify({ jsonrpc: '2.0', ...message }), kind);
  let isWriting = false;

  async function writeAll(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    try {
      for (let next = log.take(); typeof next === 'object'; next = log.take()) {
        await toTransport(transport, parse(next.frame));
      }
    } finally {
      isWriting = false;
    }
  }

  log.onFrame = () => void writeAll().catch(report);
  const call = registry.start({
    request,
    caller: session.caller,
    scope: session,
    session,
    abandoned$: session.ended$,
    send: (message) => write(message, message.method === 'notifications/progress' ? 'progress' : 'response'),
    request$: (_key, method, params) =>
      serverRequests.answer$(session, method, params, (message) => write(message, 'response')),
  });
  if (!call) {
    void refuse(request, 'id: a request with this id is already running').catch(report);
    return;
  }
  const answer = async (): Promise<void> => {
    const response = await dispatcher.dispatch(call.exchange);
    call.finish();
    if (response) write(response, 'response');
    log.end();
  };
  void answer().catch(report);
}

function parse(frame: string): object {
  const message: unknown = JSON.parse(frame);
  return isObject(message) ? message : {};
}

/** Sends a message. The generations of the SDK differ in the types of messages, but not in the behaviour of `send`. */
function toTransport(transport: ServerTransport, message: object): Promise<void>;
function toTransport(transport: { send(message: unknown): Promise<void> }, message: unknown): Promise<void> {
  return transport.send(message);
}
