import type { IncomingMessage, ServerResponse } from 'node:http';

/** A message, or a request without one, and its response. */
export interface IncomingRequest {
  /** The method of the message, or `GET` or `DELETE`. `answer` for the response to a server request. */
  kind: string;
  id: unknown;
  params: Record<string, unknown>;
  path: string;
  from: IncomingMessage;
  to: ServerResponse;
}

/** Answers a request in place of the server and returns `true`, or leaves it to the server. */
export type Answer = (incoming: IncomingRequest) => boolean;

/** Writes a JSON response. */
export function json(
  { to }: Pick<IncomingRequest, 'to'>,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  to.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return true;
}

/** Responds with a status and plain text. */
export function plain(
  { to }: Pick<IncomingRequest, 'to'>,
  status: number,
  body = 'page not found',
  type = 'text/plain',
): true {
  to.writeHead(status, { 'content-type': type }).end(body);
  return true;
}

/** Responds with a status and no body. */
export function empty({ to }: Pick<IncomingRequest, 'to'>, status: number): true {
  to.writeHead(status).end();
  return true;
}

/** Responds to a request with a result. */
export function result(incoming: IncomingRequest, value: object, headers?: Record<string, string>): true {
  return json(incoming, 200, { jsonrpc: '2.0', id: incoming.id, result: value }, headers);
}

/** Returns a server-sent event with a JSON-RPC message. */
export function event(message: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`;
}

/** Starts an event stream. */
export function stream({ to }: Pick<IncomingRequest, 'to'>): ServerResponse {
  to.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  return to;
}
