import { DEFAULT_MAX_REQUEST_BODY_SIZE } from '@modelcontextprotocol/server';
import type { RequestId } from '../protocol/types';
import type { EventStream } from './eventStream';
import type { HttpRequest } from './httpRequest';

/** An HTTP response, before it is converted to a `Response` or written to a socket. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | EventStream | ReadableStream<Uint8Array> | null;
  /** Called if the client disconnected before it received the response. */
  readonly onUndelivered?: () => void;
}

/** Creates the response to a rejected request: a status, and a JSON-RPC error with the reason. */
export function refuse(
  status: number,
  message: string,
  options: { code?: number; id?: RequestId | null; headers?: Record<string, string> } = {},
): HttpReply {
  const { code = -32000, id = null, headers } = options;
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id });
  return { status, headers: { ...jsonType, ...headers }, body };
}

const jsonType = { 'content-type': 'application/json' };

/** The maximum size of a request body, in bytes. */
export const maxBodyBytes = DEFAULT_MAX_REQUEST_BODY_SIZE;

/** Creates the response to a body that exceeds {@link maxBodyBytes}. */
export function bodyTooLarge(headers?: Record<string, string>): HttpReply {
  return refuse(413, `body: exceeds ${String(maxBodyBytes)} bytes`, { ...(headers && { headers }) });
}

/** Creates the response to a request with an unsupported HTTP method. */
export function methodNotAllowed(allow: string): HttpReply {
  return refuse(405, 'method not allowed', { headers: { allow } });
}

/** Creates a JSON response. */
export function jsonReply(body: object, headers?: Record<string, string>): HttpReply {
  return { status: 200, headers: { ...jsonType, ...headers }, body: JSON.stringify(body) };
}

/** Creates the 202 response to notifications and responses. */
export function accepted(): HttpReply {
  return { status: 202, headers: {} };
}

/** Whether the `Accept` header allows all of the given types. */
export function accepts(request: HttpRequest, ...types: readonly string[]): boolean {
  const accept = request.header('accept') ?? '';
  const ranges = accept.split(',').map((range) => range.split(';')[0]?.trim().toLowerCase() ?? '');
  return types.every((type) =>
    ranges.some((range) => range === type || range === '*/*' || range === `${type.split('/')[0] ?? ''}/*`),
  );
}

/** Converts a reply to a `Response`. */
export function toResponse({ status, headers, body }: HttpReply): Response {
  const isOwn = typeof body === 'object' && body !== null && 'toReadable' in body;
  return new Response(isOwn ? body.toReadable() : body, { status, headers });
}

/** Converts a `Response` of the SDK to a reply. */
export function fromResponse({ status, headers, body }: Response): HttpReply {
  return { status, headers: Object.fromEntries(headers), body };
}
