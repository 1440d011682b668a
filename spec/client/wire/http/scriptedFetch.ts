import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '../../../../lib/protocol/types';

const json = { 'content-type': 'application/json', 'mcp-session-id': 'session' };
const eventStream = { 'content-type': 'text/event-stream' };

/**
 * Creates the `fetch` of a Streamable HTTP server that accepts everything, and whose only listening stream delivers these bytes
 * piece by piece. The stream stays open. Further streams are rejected.
 */
export function scriptedFetch(pieces: readonly Uint8Array[]): FetchLike {
  let listening = false;

  function listen(signal: AbortSignal | null | undefined): Response {
    if (listening) return new Response(null, { status: 409 });
    listening = true;
    const left = [...pieces];
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => signal?.addEventListener('abort', () => controller.error(signal.reason)),
      pull: (controller) => {
        const next = left.shift();
        if (next) controller.enqueue(next);
      },
    });
    return new Response(body, { headers: eventStream });
  }

  return async (_, init = {}) => {
    if (init.method === 'GET') return listen(init.signal);
    if (typeof init.body !== 'string') return new Response(null, { status: 200 });
    const message = JSON.parse(init.body) as JSONRPCMessage;
    if (!('method' in message) || !('id' in message)) return new Response(null, { status: 202 });
    const result =
      message.method === 'initialize'
        ? { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'scripted', version: '1' } }
        : {};
    return new Response(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }), { headers: json });
  };
}
