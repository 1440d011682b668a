import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a page has to be allowed to send, and to see, for a session over HTTP. */
const grants = {
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'authorization, content-type, last-event-id, mcp-protocol-version, mcp-session-id',
  'access-control-expose-headers': 'mcp-session-id',
  'access-control-max-age': '600',
  vary: 'origin',
};

/**
 * Whether a request may be answered: programs send no `Origin`, a page sends its own and has to be the one that is welcome.
 * Says so in the headers of the response, which is otherwise left as it is.
 */
export function admit(request: IncomingMessage, response: ServerResponse, welcome: string | undefined): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (origin !== welcome) return false;
  response.setHeader('access-control-allow-origin', origin);
  for (const [name, value] of Object.entries(grants)) response.setHeader(name, value);
  return true;
}
