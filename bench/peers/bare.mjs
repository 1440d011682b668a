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

/** No client at all: a reader, a parser and `JSON.parse`. Nothing that does any work can be faster. */
export const bare = { http, stdio, transport };
