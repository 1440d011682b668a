import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { EventSourceMessage } from 'eventsource-parser';
import type { ConnectionContext } from '../connection';
import type { Carrier, Link } from '../connectSdk';
import { parseMessage } from '../parseMessage';
import { eventsOf } from './eventsOf';
import type { HttpOptions } from './httpOptions';
import { limited } from './limited';
import { watchdog, type Pulse } from './watchdog';

/**
 * HTTP with SSE, the transport of protocol 2024-11-05: everything comes in on one stream, which the connection ends with.
 * It is read here; the SDK's transport is left with the `endpoint` event, and sends.
 */
export function sseLink(url: URL, options: HttpOptions, context: ConnectionContext, carrier: Carrier): Link {
  const { hub, scheduler } = context;
  const pulse: Pulse = { heardAt: scheduler.now() };
  const request = options.fetch ?? fetch;

  const seam: FetchLike = async (input, init) => {
    const response = await request(input, init);
    const isStream = new Headers(init?.headers).get('accept')?.includes('text/event-stream');
    if (!isStream) return limited(response);
    if (!response.ok || !response.body) return response;
    const endpoint = new TransformStream<Uint8Array, Uint8Array>();
    const writer = endpoint.writable.getWriter();
    const encoder = new TextEncoder();

    function take({ event = 'message', data }: EventSourceMessage): void {
      if (event === 'endpoint') {
        writer.write(encoder.encode(`event: endpoint\ndata: ${data}\n\n`)).catch(() => undefined);
      } else if (event === 'message') {
        const message = parseMessage(data, hub.report);
        if (message !== undefined) carrier.receive(message);
      }
    }

    carrier.running.add(
      eventsOf(response.body, {
        hint: {},
        scheduler,
        guard: watchdog(options.watchdog ?? 'auto', pulse, scheduler),
      }).subscribe({
        next: (events) => {
          events.forEach(take);
        },
        error: carrier.fail,
      }),
    );
    return new Response(endpoint.readable, response);
  };

  const { headers, authProvider } = options;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the transport is the old one, and so is what speaks it
  const transport = new SSEClientTransport(url, { requestInit: { headers }, authProvider, fetch: seam });
  return { transport, onerror: () => undefined, heardAt: () => pulse.heardAt };
}
