import { DEFAULT_MAX_REQUEST_BODY_SIZE } from '@modelcontextprotocol/server';
import type { RequestId } from '../protocol/types';

/** Creates the response to a rejected request. Both the status and a JSON-RPC error contain the reason. */
export function refuse(
  status: number,
  message: string,
  options: { code?: number; id?: RequestId | null; headers?: Record<string, string> } = {},
): Response {
  const { code = -32000, id = null, headers } = options;
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id }, { status, ...(headers && { headers }) });
}

/** The maximum size of a request body. */
export const maxBodyBytes = DEFAULT_MAX_REQUEST_BODY_SIZE;

/** Creates the response to a body that exceeds {@link maxBodyBytes}. */
export function bodyTooLarge(headers?: Record<string, string>): Response {
  return refuse(413, `body: exceeds ${String(maxBodyBytes)} bytes`, { ...(headers && { headers }) });
}

/** Creates the response to a request with an unsupported HTTP method. */
export function methodNotAllowed(allow: string): Response {
  return refuse(405, 'method not allowed', { headers: { allow } });
}

/** Creates a JSON response. */
export function jsonResponse(body: object, headers?: Record<string, string>): Response {
  return Response.json(body, headers ? { headers } : {});
}

/** Creates the response to messages that require no JSON-RPC response. */
export function accepted(): Response {
  return new Response(null, { status: 202 });
}

/** Whether the `Accept` header allows all of the given types. */
export function accepts(request: Request, ...types: readonly string[]): boolean {
  const accept = request.headers.get('accept') ?? '';
  const ranges = accept.split(',').map((range) => range.split(';')[0]?.trim().toLowerCase() ?? '');
  return types.every((type) =>
    ranges.some((range) => range === type || range === '*/*' || range === `${type.split('/')[0] ?? ''}/*`),
  );
}
