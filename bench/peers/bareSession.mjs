import { bare } from './bare.mjs';

const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** Sends one message and reads the response to its end. Returns the session id. */
async function post(url, message, sessionId) {
  const ofSession = sessionId === undefined ? {} : { 'mcp-session-id': sessionId };
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, ...ofSession },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  });
  await response.text();
  return response.headers.get('mcp-session-id') ?? sessionId;
}

/** No client, but the handshake of a session: three requests by `fetch`. */
export const bareSession = {
  async http(url, handlers) {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } };
    const sessionId = await post(url, { id: 0, method: 'initialize', params });
    await post(url, { method: 'notifications/initialized' }, sessionId);
    return bare.http(url, handlers, sessionId);
  },
};
