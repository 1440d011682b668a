import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { giveAnswer, writeBody } from './answers';
import { createSession } from './faultSession';
import type { FaultSession, FaultWorld } from './world';

/**
 * Creates the HTTP front, which reports requests, sends faulty responses when commanded to, and passes all other requests to the
 * real server.
 */
export function createFront(world: FaultWorld): Server {
  const { options, answers, sessions, streams, emit } = world;
  const front = createServer((request, response) => {
    // A write after a reset is not a fault of the server.
    response.on('error', () => {});
    serve(request, response).catch(() => response.destroy());
  });
  front.on('connection', (socket) => {
    emit({ type: 'socket-open' });
    socket.once('close', () => emit({ type: 'socket-closed' }));
  });
  return front;

  async function serve(request: IncomingMessage, to: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const sessionId = header(request, 'mcp-session-id');
    emit({ type: 'request', method, at: Date.now(), sessionId, lastEventId: header(request, 'last-event-id') });
    const body = method === 'POST' ? await text(request) : '';
    const messages = messagesIn(body);
    for (const message of messages) emit({ type: 'message', ...message, sessionId });

    const methods = messages.map((message) => message.method);
    const standing = answers.take(method, methods);
    if (standing) {
      const status = giveAnswer(to, standing.answer, standing.options);
      return emit({ type: 'answer', method, status, sessionId });
    }
    const session = sessionId === undefined ? await createSession(world) : sessions.get(sessionId);
    if (!session) {
      const status = giveAnswer(to, options.forgottenStatus ?? 404, {});
      return emit({ type: 'answer', method, status, sessionId });
    }
    if (method === 'GET' && !session.isInitialized && options.getBeforeInitialized !== undefined) {
      const status = giveAnswer(to, options.getBeforeInitialized, {});
      return emit({ type: 'answer', method, status, sessionId });
    }
    const answer = await session.transport.handleRequest(toWebRequest(request, body));
    const initialized = answer.status === 202 && methods.includes('notifications/initialized');
    const status = initialized ? (options.initializedStatus ?? 202) : answer.status;
    to.writeHead(status, Object.fromEntries(answer.headers));
    to.flushHeaders();
    emit({ type: 'answer', method, status, sessionId });
    if (!answer.body) return void to.end();
    if (answer.headers.get('content-type') !== 'text/event-stream') return writeBody(answer.body, to);
    const ids = messages.flatMap(({ id }) => (id === undefined ? [] : [id]));
    await serveStream(method, session, ids, answer.body, to);
  }

  async function serveStream(
    method: string,
    { id: sessionId }: FaultSession,
    requestIds: readonly (string | number)[],
    body: ReadableStream<Uint8Array>,
    to: ServerResponse,
  ): Promise<void> {
    if (method === 'GET' && options.retryHint !== undefined) to.write(`retry: ${options.retryHint}\n\n`);
    const stream = { method, sessionId, requestIds, response: to };
    streams.open.add(stream);
    emit({ type: 'stream-open', method, sessionId });
    await writeBody(body, to).finally(() => {
      streams.open.delete(stream);
      emit({ type: 'stream-closed', method, sessionId });
    });
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function toWebRequest(request: IncomingMessage, body: string): Request {
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const { method, url } = request;
  return new Request(`http://127.0.0.1${url}`, { method, headers, body: method === 'POST' ? body : null });
}

/**
 * Returns the JSON-RPC messages in a body, one or a batch. Returns none if the body is invalid, which the real server handles.
 */
function messagesIn(body: string): z.output<typeof clientMessage>[] {
  try {
    const parsed: unknown = JSON.parse(body);
    return clientMessage.array().parse(Array.isArray(parsed) ? parsed : [parsed]);
  } catch {
    return [];
  }
}

/** The members of a client's message that the rig uses. */
const clientMessage = z.object({
  method: z.string().optional(),
  id: z.union([z.string(), z.number()]).optional(),
  params: z.unknown().optional(),
});
