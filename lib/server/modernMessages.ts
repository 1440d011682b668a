import { createParser } from 'eventsource-parser';
import { metaKeys } from '../client/modern/meta';
import { isNotification, isRequest, isRequestId } from '../protocol/message';
import type { JSONRPCRequest, RequestId } from '../protocol/types';
import { isObject } from '../util/isObject';
import type { ServeModern } from './modernEra';

/** Answers messages of protocol 2026-07-28 that arrive over a transport other than HTTP. */
export interface ModernMessages {
  /** Handles a message of this protocol version. Returns `false` for any other message. */
  receive(message: unknown): boolean;
  /** Cancels all running requests. */
  close(): void;
}

/**
 * Creates {@link ModernMessages}. Passes each request to the HTTP handler, and calls `send` with each message of the
 * response.
 */
export function createModernMessages(
  serveModern: ServeModern,
  send: (message: object) => Promise<void>,
  onError: (error: unknown) => void,
): ModernMessages {
  const running = new Map<RequestId, AbortController>();

  async function serve(request: JSONRPCRequest, version: string): Promise<void> {
    const controller = new AbortController();
    running.set(request.id, controller);
    try {
      const { signal } = controller;
      const headers = headersOf(request, version);
      const body = JSON.stringify(request);
      const http = new Request('http://localhost/', { method: 'POST', headers, body, signal });
      await forward(await serveModern(http, undefined, request), send);
    } catch (error) {
      if (!controller.signal.aborted) onError(error);
    } finally {
      running.delete(request.id);
    }
  }

  return {
    receive(message) {
      if (isNotification(message) && message.method === 'notifications/cancelled') {
        const id = message.params?.['requestId'];
        const controller = isRequestId(id) ? running.get(id) : undefined;
        controller?.abort();
        return controller !== undefined;
      }
      const version = isRequest(message) ? message.params?._meta?.[metaKeys.protocolVersion] : undefined;
      if (!isRequest(message) || typeof version !== 'string') return false;
      void serve(message, version);
      return true;
    },
    close() {
      for (const controller of running.values()) controller.abort();
    },
  };
}

/** Returns the headers that the protocol requires, which repeat parts of the body. */
function headersOf({ method, params }: JSONRPCRequest, version: string): Record<string, string> {
  const name = params?.['name'] ?? params?.['uri'] ?? params?.['taskId'];
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': version,
    'mcp-method': method,
    ...(typeof name === 'string' && { 'mcp-name': `=?base64?${base64(name)}?=` }),
  };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

async function forward(response: Response, send: (message: object) => Promise<void>): Promise<void> {
  const { body } = response;
  if (!body) return;
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    const message: unknown = await response.json();
    if (isObject(message)) await send(message);
    return;
  }
  // Send one message at a time, so that a slow transport slows down the response.
  const decoder = new TextDecoder();
  let events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(data) });
  const reader = body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    events = [];
    parser.feed(decoder.decode(chunk.value, { stream: true }));
    for (const data of events) {
      const message: unknown = JSON.parse(data);
      if (isObject(message)) await send(message);
    }
  }
}
