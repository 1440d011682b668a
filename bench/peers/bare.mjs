import { spawn } from 'node:child_process';
import { createParser } from 'eventsource-parser';

const setup = [
  { jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {} } },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
];

function takeJson(json, handlers) {
  const message = JSON.parse(json);
  handlers[message.method]?.(message);
}

async function http(url, handlers, sessionId) {
  const controller = new AbortController();
  const headers = { accept: 'text/event-stream', ...(sessionId !== undefined && { 'mcp-session-id': sessionId }) };
  const { body } = await fetch(url, { headers, signal: controller.signal });
  const parser = createParser({ onEvent: ({ data }) => takeJson(data, handlers) });
  const decoder = new TextDecoder();
  const reader = body.getReader();

  async function read() {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
    }
  }

  const ended = read().catch(() => undefined);
  return {
    close: () => {
      controller.abort();
      return ended;
    },
  };
}

function stdio(command, args, handlers) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) takeJson(line, handlers);
  });
  for (const message of setup) child.stdin.write(JSON.stringify(message) + '\n');
  return { close: () => child.stdin.end() };
}

async function transport(near, handlers) {
  near.onmessage = (message) => handlers[message.method]?.(message);
  await near.start();
  return { close: () => near.close() };
}

/** Subscribes with protocol 2026-07-28. */
async function listen(url, uri, handler) {
  const controller = new AbortController();
  const { body } = await fetch(url, {
    method: 'POST',
    signal: controller.signal,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 'bare',
      method: 'subscriptions/listen',
      params: { notifications: { resourceSubscriptions: [uri] } },
    }),
  });
  const parser = createParser({
    onEvent({ data }) {
      const message = JSON.parse(data);
      if (message.method === 'notifications/resources/updated') handler(message);
    },
  });
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
  };
  read().catch(() => undefined);
  return { close: () => controller.abort() };
}

/** A reader, eventsource-parser and `JSON.parse` without a client: the lower bound for any client. */
export const bare = { http, stdio, transport, listen };

const postHeaders = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** Sends one message and reads the response to its end. Returns the session id. */
async function post(url, message, sessionId) {
  const ofSession = sessionId === undefined ? {} : { 'mcp-session-id': sessionId };
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...postHeaders, ...ofSession },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  });
  await response.text();
  return response.headers.get('mcp-session-id') ?? sessionId;
}

/** The handshake of a session without a client: three requests with `fetch`. */
export const bareSession = {
  async http(url, handlers) {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } };
    const sessionId = await post(url, { id: 0, method: 'initialize', params });
    await post(url, { method: 'notifications/initialized' }, sessionId);
    return bare.http(url, handlers, sessionId);
  },
};
