import { type Observable, throwError } from 'rxjs';
import { isObject } from '../util/isObject';
import { isNotification, isRequest } from '../protocol/message';
import type { JSONRPCRequest } from '../protocol/types';
import { abortOf$ } from '../util/abort';
import { unsupported } from './clientAnswers';
import { createCallLog, type FrameKind } from './callLog';
import { callEventId, readCall } from './callReader';
import type { Caller } from './caller';
import { eventOf, EventStream, eventStreamHeaders, maxWaitingBytes } from './eventStream';
import type { Exchange } from './exchange';
import { accepted, type HttpReply, jsonReply, refuse } from './httpReply';
import type { HttpRequest } from './httpRequest';
import type { ServerCore } from './serverCore';
import { nodeLostError } from './nodes/nodeLostError';
import type { LiveSession } from './serverSession';
import { callKey, callLogKey } from './sessionRecord';

/** The first protocol version whose clients support an event without data. */
export const primingVersion = '2025-11-25';

/** The last protocol version with batches. */
const lastBatchVersion = '2025-03-26';
const maxBatchSize = 100;
const maxIdLength = 1_024;

/**
 * Methods that are answered with a JSON response. All others are answered with an event stream, because they may send
 * notifications and requests before the response.
 */
const jsonMethods = new Set([
  'ping',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'logging/setLevel',
  'completion/complete',
]);

/** The sender of a POST. */
export interface Sender {
  readonly session: LiveSession | undefined;
  readonly caller: Caller;
  readonly protocolVersion: string;
  readonly request: HttpRequest;
}

/** Answers a POST request, which contains one message or a batch. */
export async function servePost(core: ServerCore, sender: Sender, body: unknown): Promise<HttpReply> {
  if (!Array.isArray(body)) return serveMessages(core, sender, [body], false);
  if (sender.protocolVersion > lastBatchVersion || body.length === 0 || body.length > maxBatchSize) {
    return refuse(400, 'body: unsupported batch (protocol version, or number of messages)', { code: invalidRequest });
  }
  return serveMessages(core, sender, body, true);
}

const invalidRequest = -32600;

async function serveMessages(
  core: ServerCore,
  sender: Sender,
  messages: readonly unknown[],
  isBatch: boolean,
): Promise<HttpReply> {
  const requests: JSONRPCRequest[] = [];
  const others: object[] = [];
  for (const message of messages) {
    if (isRequest(message) && isValidId(message.id)) requests.push(message);
    else if (isNotification(message) || isAnswer(message)) others.push(message);
    else return refuse(400, 'body: not a JSON-RPC message', { code: invalidRequest });
  }
  if (requests.some(({ method }) => method === 'initialize')) {
    return refuse(400, 'initialize: the session is already initialized', {
      code: invalidRequest,
      id: requests[0]?.id ?? null,
    });
  }
  for (const message of others) if (sender.session) await core.clientMessages.receive(sender.session, message);
  if (requests.length === 0) return accepted();
  const [only] = requests;
  if (!isBatch && only && jsonMethods.has(only.method)) return serveJson(core, sender, only);
  return serveStream(core, sender, requests);
}

/**
 * Whether a message is a response, even with an invalid result or error. With an invalid response, the server's request
 * fails.
 */
function isAnswer(message: unknown): message is object {
  return isObject(message) && !('method' in message) && ['string', 'number'].includes(typeof message['id']);
}

/** Whether a request id is valid, bounded, and preserved by every JSON parser. */
function isValidId(id: unknown): boolean {
  return typeof id === 'string' ? id.length <= maxIdLength : Number.isSafeInteger(id);
}

async function serveJson(core: ServerCore, sender: Sender, request: JSONRPCRequest): Promise<HttpReply> {
  const call = core.registry.start({ ...callOf(sender), request, send: () => undefined });
  if (!call) return refuseDuplicate(request);
  const response = await core.dispatcher.dispatch(call.exchange);
  call.finish();
  return response ? jsonReply(response) : refuse(404, 'session: ended', { id: request.id });
}

function refuseDuplicate({ id }: JSONRPCRequest): HttpReply {
  return refuse(400, 'id: a request with this id is already running', { code: invalidRequest, id });
}

/** Returns the members that the exchanges of all requests of a sender have in common. */
function callOf({ session, caller, request }: Sender) {
  const scope = session ?? {};
  const abandoned$ = session ? session.ended$ : abortOf$(request.signal);
  return {
    caller,
    scope,
    session,
    abandoned$,
    request$: (_key: string, method: string): Observable<never> => throwError(() => unsupported(method)),
  };
}

let callCount = 0;

/** Answers requests with one event stream: a single request, or a batch. */
function serveStream(core: ServerCore, sender: Sender, requests: readonly JSONRPCRequest[]): HttpReply {
  const { settings, node, registry, dispatcher, serverRequests, report } = core;
  const { session, protocolVersion } = sender;
  const replayMs = settings.replay === false ? 0 : settings.replay.for;
  const isReplayable = replayMs > 0 && session !== undefined;
  const key = `${node()}-${String(++callCount)}`;
  const log = createCallLog({
    key,
    log: isReplayable ? callLogKey(session.id, key) : undefined,
    backplane: settings.backplane,
    buffer: settings.buffer,
    onError: report,
  });
  const write = (message: object, kind: FrameKind, onLost?: (cause: unknown) => void): void =>
    log.add(JSON.stringify({ jsonrpc: '2.0', ...message }), kind, onLost);

  /** Sends a request, or its cancellation. Rejects if the client can no longer receive the request. */
  const sendRequest = (message: object): void | Promise<void> =>
    'id' in message ? new Promise((_, reject) => write(message, 'message', reject)) : write(message, 'message');

  function request$(_key: string, method: string, params: Record<string, unknown>): Observable<unknown> {
    if (!session) return throwError(() => unsupported(method));
    return serverRequests.answer$(session, method, params, sendRequest);
  }

  const sharedMembers = callOf(sender);
  const running = [];
  for (const request of requests) {
    const send: Exchange['send'] = (message) =>
      write(message, message.method === 'notifications/progress' ? 'progress' : 'message');
    const call = registry.start({ ...sharedMembers, request, send, request$ });
    if (!call) {
      for (const started of running) started.finish();
      return refuseDuplicate(request);
    }
    running.push(call);
  }

  const stream = new EventStream({
    highWaterMark: Math.min(settings.buffer, maxWaitingBytes),
    keepAlive: core.keepAlive,
    signal: sender.request.streamSignal,
    owner: { onRoom: () => read(), onClosed: () => log.detach() },
  });
  const read = readCall(log, stream, isReplayable);
  log.onFrame = read;
  stream.open();
  stream.write(isReplayable && protocolVersion >= primingVersion ? eventOf(callEventId(key, 0), '') : ': open\n\n');
  if (isReplayable) {
    const record = { node: node(), ids: requests.map(({ id }) => id) };
    void settings.backplane.set(callKey(session.id, key), record, maxCallMs).catch(report);
  }

  let remaining = running.length;
  for (const call of running) {
    const answer = async (): Promise<void> => {
      const response = await dispatcher.dispatch(call.exchange);
      call.finish();
      if (response) write(response, 'response');
      else if (registry.isClosed) write(nodeLostError(call.exchange.request.id), 'response');
      remaining--;
      if (remaining > 0) return;
      log.end();
      if (isReplayable) {
        await settings.backplane.set(callKey(session.id, key), { node: node(), ids: [] }, replayMs);
      }
    };
    void answer().catch(report);
  }
  return streamReply(session, stream);
}

/** How long the record of a running call is stored, in milliseconds. After that, its response cannot be resumed. */
const maxCallMs = 86_400_000;

/** Creates a response whose body is an event stream. `session` is `undefined` in a stateless server. */
export function streamReply(session: LiveSession | undefined, body: EventStream): HttpReply {
  return { status: 200, headers: { ...eventStreamHeaders, ...sessionHeader(session) }, body };
}

/** Returns the header with the session id, which every response to a session's client contains. */
export function sessionHeader(session: LiveSession | undefined): Record<string, string> {
  return session ? { 'mcp-session-id': session.id } : {};
}
