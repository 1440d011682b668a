import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { acknowledgementOf, answerTo, floodChunks } from './messages.mjs';

/**
 * A minimal Streamable HTTP server, so that the measured time is that of the client. The parent process sends commands, and the
 * server exits with its parent. `{ flood }` sends notifications on every open GET stream, as fast as the client reads. `{ drop }`
 * cuts the streams. `{ expect }` sends a message once this many streams are open. After `{ greet }`, every new GET stream begins
 * with one notification.
 */
const { port = 0, greet = false } = JSON.parse(process.argv[2] ?? '{}');

const sessions = new Set();
/** The open streams, each with the id of its subscription, if it has one. */
const streams = new Map();
const greeting = floodChunks({ n: 1, format: 'sse' });
let isGreeting = greet;
let expected;

function reportWhenOpen() {
  if (expected === undefined || streams.size < expected) return;
  expected = undefined;
  process.send({ event: 'open' });
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return JSON.parse(text);
}

async function post(request, response) {
  const message = await bodyOf(request);
  const isFirst = message.method === 'initialize';
  const sessionId = isFirst ? randomUUID() : request.headers['mcp-session-id'];
  if (isFirst) sessions.add(sessionId);
  // Protocol 2026-07-28 has no sessions: a subscription's notifications come on the response to its request.
  const isModern = request.headers['mcp-protocol-version'] === '2026-07-28';
  if (message.method === 'subscriptions/listen') {
    hold(response, message.id);
    response.write(`data: ${JSON.stringify(acknowledgementOf(message))}\n\n`);
  } else if (!isModern && !sessions.has(sessionId)) response.writeHead(404).end();
  else if (message.id === undefined) response.writeHead(202).end();
  else {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...(!isModern && { 'mcp-session-id': sessionId }) });
    response.end(`event: message\ndata: ${JSON.stringify(answerTo(message))}\n\n`);
  }
}

function get(request, response) {
  const sessionId = request.headers['mcp-session-id'];
  // The bare reader has no session, and receives a stream nevertheless.
  if (sessionId !== undefined && !sessions.has(sessionId)) {
    response.writeHead(404).end();
    return;
  }
  hold(response);
  if (isGreeting) response.write(greeting[0]);
}

/** Keeps a response open as a stream. */
function hold(response, subscription) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  streams.set(response, subscription);
  response.on('close', () => streams.delete(response));
  reportWhenOpen();
}

async function flood(stream, chunks) {
  for (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain');
}

const server = createServer((request, response) => {
  if (request.method === 'POST') post(request, response);
  else if (request.method === 'GET') get(request, response);
  else response.writeHead(sessions.delete(request.headers['mcp-session-id']) ? 200 : 404).end();
});

process.on('message', (order) => {
  if (order.flood) {
    for (const [stream, subscription] of streams) {
      void flood(stream, floodChunks({ ...order.flood, subscription, format: 'sse' }));
    }
  }
  if (order.greet) isGreeting = true;
  if (order.drop) for (const { socket } of streams.keys()) socket.destroy();
  if (order.expect !== undefined) {
    expected = order.expect;
    reportWhenOpen();
  }
});
process.on('disconnect', () => process.exit());

// Longer than any pause in a workload: only `drop` cuts connections.
server.keepAliveTimeout = 600_000;
server.listen(port, '127.0.0.1', () => {
  const { port: actual } = server.address();
  process.send({ event: 'listening', url: `http://127.0.0.1:${actual}/mcp`, port: actual });
});
