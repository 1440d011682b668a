import type { SchedulerLike } from 'rxjs';
import { ConnectionFailedError, type MCPError, ServerError } from '../../errors';
import { errorWithoutId, parseMessage } from '../../protocol/message';
import type { RequestId } from '../../protocol/types';
import { isObject } from '../../util/isObject';
import { httpError } from './httpError';
import { readErrorBody, readRest } from './readBody';
import { startBody, completeBody } from './startedBody';
import { maxMessageLength } from './sse/eventParser';

export const eventStream = 'text/event-stream';
export const json = 'application/json';

/** The contents of the response to a POST: an event stream, a single message, or only an acknowledgement. */
export type Answer =
  { kind: 'stream'; body: ReadableStream<Uint8Array> } | { kind: 'message'; message: unknown } | { kind: 'accepted' };

/** The POST request that a response belongs to. */
export interface PostContext {
  /** The method of the message, as a prefix for error messages. */
  operation: string;
  /** The id of the request. `undefined` for notifications and responses. */
  id: RequestId | undefined;
  hasSession: boolean;
  /**
   * Reads the response to a request if the server sends JSON-RPC responses on the GET stream, so that the HTTP response
   * is only an acknowledgement. Default: the HTTP response contains the JSON-RPC response.
   */
  readAcknowledgement?: ((response: Response, id: RequestId) => Promise<Answer>) | undefined;
  /** Whether the JSON-RPC response may arrive on the GET stream if the server responds with 202. */
  mayRespondLater(): boolean;
  /** Whether an `authProvider` obtained the credentials. */
  usesProvider: boolean;
  /** Resolves with whether the server no longer recognizes the session. Called for statuses that may mean this. */
  isSessionUnknown(status: number): Promise<boolean>;
  scheduler: SchedulerLike;
}

/**
 * Reads the response to a POST. A JSON-RPC response in the body is used with any status. If the body does not contain
 * one, rejects with a typed error.
 */
export async function readAnswer(response: Response, context: PostContext): Promise<Answer> {
  const { operation, id, hasSession } = context;
  const { ok, status, body } = response;
  if (!ok) return readErrorResponse(response, context);
  if (id === undefined) {
    // Without a reason, Node would create an error with a stack.
    await body?.cancel('unused');
    return { kind: 'accepted' };
  }
  if (body && mediaTypeOf(response) === eventStream) return { kind: 'stream', body };
  if (context.readAcknowledgement) return context.readAcknowledgement(response, id);
  // Some servers omit the `Content-Type`, or send a wrong one, so the body determines the kind of response.
  const started = body && (await startBody(body));
  if (started?.isEventStream) return { kind: 'stream', body: completeBody(started) };
  const text = started ? await readRest(started, maxMessageLength) : '';
  const message = parseJson(text);
  if (status === 202 && !answersRequest(withId(message, id), id)) {
    // Some servers respond with 202, and send the JSON-RPC response on the GET stream.
    if (context.mayRespondLater()) return { kind: 'accepted' };
    throw new ConnectionFailedError(`${operation}: HTTP 202 without a response`, { status });
  }
  if (!hasMessage(message)) throw unreadableError(text, response, operation);
  if (
    hasSession &&
    isObject(message) &&
    'error' in message &&
    namesUnknownSession(text) &&
    (await context.isSessionUnknown(status))
  )
    throw httpError(response, text, { operation, isExpired: true, hasSession });
  return { kind: 'message', message: withId(message, id) };
}

/** The maximum length of the excerpt of an unreadable body in the error, in characters. */
const maxExcerptLength = 200;

/** Creates the error for a response that does not contain a JSON-RPC message. */
function unreadableError(text: string, response: Response, operation: string): MCPError {
  const { status } = response;
  const type = mediaTypeOf(response);
  const code = `HTTP ${String(status)}`;
  if (text.trim() === '') return new ConnectionFailedError(`${operation}: ${code} without content`, { status });
  if (type !== json)
    return new ConnectionFailedError(`${operation}: ${code} with ${type ?? 'no Content-Type'}`, { status });
  const data = text.slice(0, maxExcerptLength);
  return new ServerError(`${operation}: ${code} without a JSON-RPC message`, { data });
}

async function readErrorResponse(
  response: Response,
  { operation, id, hasSession, usesProvider, isSessionUnknown, scheduler }: PostContext,
) {
  const { status } = response;
  const text = await readErrorBody(response, scheduler);
  const answer = parseJson(text);
  const isUnknown = namesUnknownSession(text);
  const isAnswer = id !== undefined && answersRequest(answer, id);
  const isExpired =
    hasSession && (!isAnswer || isUnknown) && mayMeanUnknownSession(status) && (await isSessionUnknown(status));
  if (isAnswer && !isExpired) return { kind: 'message', message: answer } as const;
  throw httpError(response, text, { operation, isExpired, hasSession, usesProvider });
}

/**
 * Whether a status may mean that the server does not recognize the session. Each of these statuses is used by some
 * servers.
 */
export function mayMeanUnknownSession(status: number): boolean {
  return unknownSessionStatuses.has(status);
}

const unknownSessionStatuses = new Set([400, 401, 403, 404, 410, 500]);

/** Whether the text of an error says that the session is unknown. */
export function namesUnknownSession(text: string): boolean {
  return (
    /\bsession\b/i.test(text) &&
    /unknown|not (?:be )?found|no valid|invalid|expired|terminated|exist|missing|no longer|no such/i.test(text)
  );
}

/**
 * Whether a message, or one message of a batch, is the response to a request. Tolerates a numeric id that is sent as a
 * string.
 */
export function answersRequest(message: unknown, id: RequestId): boolean {
  if (Array.isArray(message)) return message.some((each: unknown) => !Array.isArray(each) && answersRequest(each, id));
  return isObject(message) && isAnswer(message) && String(message['id']) === String(id);
}

function isAnswer(message: object): boolean {
  return !('method' in message) && ('result' in message || 'error' in message);
}

/**
 * Adds the request id to an error without an id: an error in the response to a POST belongs to the request in the POST.
 */
export function withId(message: unknown, id: RequestId): unknown {
  if (Array.isArray(message)) return message.map((each: unknown) => (Array.isArray(each) ? each : withId(each, id)));
  return isObject(message) && errorWithoutId(message) ? { ...message, id } : message;
}

/** Whether a body contains a JSON-RPC message, alone or in a batch. An error without an id counts as a message. */
function hasMessage(body: unknown): boolean {
  if (Array.isArray(body)) return body.some((each: unknown) => !Array.isArray(each) && hasMessage(each));
  if (!isObject(body)) return false;
  return 'method' in body || ('id' in body && isAnswer(body)) || errorWithoutId(body) !== undefined;
}

/** Parses a JSON object or array. Returns `undefined` for any other text. */
export function parseJson(text: string): unknown {
  return /^\s*[{[]/.test(text) ? parseMessage(text, () => undefined) : undefined;
}

export function mediaTypeOf({ headers }: Response): string | undefined {
  return headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
}
