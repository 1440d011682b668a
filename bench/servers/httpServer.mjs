import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { acknowledgementOf } from './acknowledgementOf.mjs';
import { answerTo } from './answerTo.mjs';
import { floodChunks } from './floodChunks.mjs';

/**
 * Just enough of Streamable HTTP to be connected to, so that what is measured is the client. It is told what to do by the
 * process that started it, and ends with it: `{ flood }` sends notifications on every open GET stream, as fast as they are
 * taken, `{ drop }` cuts them, `{ expect }` tells when so many are open. Once it is told to `{ greet }`, every GET that is
 * opened is sent one notification at once.
 */
const { port = 0, greet = false } = JSON.parse(process.argv[2] ?? '{}');

const sessions = new Set();
/** The open streams, each with the id of its subscription where it has one. */
const streams = new Map();
const greeting = floodChunks({ n: 1, format: 'sse' });
let isGreeting = greet;
let expected;

function tellWhenOpen() {
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
  // In protocol 2026-07-28 there are no sessions, and whoever asks for a subscription listens on the answer.
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
  // A bare reader comes without a session, and is given its stream all the same.
  if (sessionId !== undefined && !sessions.has(sessionId)) {
    response.writeHead(404).end();
    return;
  }
  hold(response);
  if (isGreeting) response.write(greeting[0]);
}

/** Keeps a stream open, to send on. */
function hold(response, subscription) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  streams.set(response, subscription);
  response.on('close', () => streams.delete(response));
  tellWhenOpen();
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
    tellWhenOpen();
  }
});
process.on('disconnect', () => process.exit());

// Longer than any pause here: nobody is to be cut off but by order.
server.keepAliveTimeout = 600_000;
server.listen(port, '127.0.0.1', () => {
  const { port: actual } = server.address();
  process.send({ event: 'listening', url: `http://127.0.0.1:${actual}/mcp`, port: actual });
});
