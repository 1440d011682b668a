import type { RequestId } from '../protocol/types';

/** JSON-RPC and HTTP say why a request is refused. */
export function refuse(
  status: number,
  message: string,
  options: { code?: number; id?: RequestId | null; headers?: Record<string, string> } = {},
): Response {
  const { code = -32000, id = null, headers } = options;
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id }, { status, ...(headers && { headers }) });
}

/** A response with JSON of one's own making. */
export function jsonResponse(body: object, headers?: Record<string, string>): Response {
  return Response.json(body, headers ? { headers } : {});
}

/** The answer to what needs none. */
export function accepted(): Response {
  return new Response(null, { status: 202 });
}

/** Whether the `Accept` header allows all of these types. */
export function accepts(request: Request, ...types: readonly string[]): boolean {
  const accept = request.headers.get('accept') ?? '';
  const ranges = accept.split(',').map((range) => range.split(';')[0]?.trim().toLowerCase() ?? '');
  return types.every((type) =>
    ranges.some((range) => range === type || range === '*/*' || range === `${type.split('/')[0] ?? ''}/*`),
  );
}
