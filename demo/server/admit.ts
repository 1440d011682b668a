import type { IncomingMessage, ServerResponse } from 'node:http';

/** The CORS headers that a page needs for a session over HTTP. */
const grants = {
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'authorization, content-type, last-event-id, mcp-protocol-version, mcp-session-id',
  'access-control-expose-headers': 'mcp-session-id',
  'access-control-max-age': '600',
  vary: 'origin',
};

/**
 * Whether a request may be answered, and sets its CORS headers. Programs send no `Origin` header. A page sends its own origin,
 * which must be the allowed one.
 */
export function admit(request: IncomingMessage, response: ServerResponse, allowedOrigin: string | undefined): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (origin !== allowedOrigin) return false;
  response.setHeader('access-control-allow-origin', origin);
  for (const [name, value] of Object.entries(grants)) response.setHeader(name, value);
  return true;
}
