import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { EventSourceMessage } from 'eventsource-parser';
import { isRedirect, httpError } from '../../client/http/httpError';
import { limitBody, readErrorBody } from '../../client/http/readBody';
import { readEvents } from '../../client/http/sse/readEvents';
import { type StreamHealth, watchdog } from '../../client/http/sse/watchdog';
import { ConnectionFailedError } from '../../errors';
import { isRequest, parseMessage } from '../../protocol/message';
import { withTimeout, ackTimeoutMs } from '../../util/abort';
import type { Carrier, Link } from '../connectSdk';
import type { EngineContext } from '../../client/connection/connection';
import type { HttpOptions } from '../../client/connection/connector';

/** How long the address may be that a server wants to be sent to, in characters. */
const endpointLength = 8_192;

/**
 * HTTP with SSE, the transport of protocol 2024-11-05: everything comes in on one stream, which the connection ends with.
 * It is read here; the SDK's transport is left with the `endpoint` event, and sends.
 */
export function sseLink(url: URL, options: HttpOptions, context: EngineContext, carrier: Carrier): Link {
  const { hub, scheduler } = context;
  const pulse: StreamHealth = { lastHeardAt: scheduler.now() };
  const { headers, authProvider, fetch: request = fetch } = options;
  /** Where the server wants to be sent to, as it says. */
  let sendTo: string | undefined;

  function isSending(to: string | URL): boolean {
    return sendTo !== undefined && String(to) === new URL(sendTo, url).href;
  }

  /** A httpError of what is sent, but for one that the SDK can do something about, is an error that quotes not much of it. */
  async function sent(response: Response): Promise<Response> {
    const { ok, status } = response;
    if (ok || isRedirect(response) || (status === 401 && authProvider)) return limitBody(response);
    const text = await readErrorBody(response, scheduler);
    throw httpError(response, text, { doing: 'sending', expired: false, hasSession: false });
  }

  const seam: FetchLike = async (input, init) => {
    const limit = { bound: ackTimeoutMs, scheduler, signal: init?.signal };
    const response = await (isSending(input) && !(typeof init?.body === 'string' && isRequest(JSON.parse(init.body)))
      ? withTimeout(limit, (signal) => request(input, { ...init, signal }))
      : request(input, init));
    const isStream = new Headers(init?.headers).get('accept')?.includes('text/event-stream');
    if (!isStream) return isSending(input) ? sent(response) : limitBody(response);
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      return response;
    }
    const endpoint = new TransformStream<Uint8Array, Uint8Array>();
    const writer = endpoint.writable.getWriter();
    const encoder = new TextEncoder();

    function take({ event = 'message', data }: EventSourceMessage): void {
      if (event === 'endpoint') {
        if (data.length > endpointLength) {
          carrier.fail(new ConnectionFailedError(`an endpoint of more than ${String(endpointLength)} characters`));
          return;
        }
        sendTo = data;
        writer.write(encoder.encode(`event: endpoint\ndata: ${data}\n\n`)).catch(() => undefined);
      } else if (event === 'message') {
        const message = parseMessage(data, hub.report);
        if (message !== undefined) carrier.receive(message);
      }
    }

    carrier.running.add(
      readEvents(response.body, {
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

  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the transport is the old one, and so is what speaks it
  const transport = new SSEClientTransport(url, { requestInit: { headers }, authProvider, fetch: seam });
  return { transport, onerror: () => undefined, heardAt: () => pulse.lastHeardAt };
}
