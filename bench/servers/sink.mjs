import { Agent, request } from 'node:http';

/**
 * The clients of the measured server, in their own process. They do the minimum, so that the measured time is that of the server.
 * The parent process sends commands and receives the results.
 */
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const sessions = [];
let url;
let left = 0;
let changes = 0;

function send(method, headers, message) {
  return new Promise((resolve, reject) => {
    const body = message && JSON.stringify({ jsonrpc: '2.0', ...message });
    const outgoing = request(url, {
      method,
      agent: method === 'GET' || message?.method === 'tools/call' ? undefined : agent,
      headers: {
        accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
        ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function ended(response) {
  return new Promise((resolve) => response.resume().on('end', resolve));
}

async function openSession() {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'sink', version: '1.0.0' } };
  const response = await send('POST', {}, { id: 0, method: 'initialize', params });
  await ended(response);
  const headers = { 'mcp-session-id': response.headers['mcp-session-id'], 'mcp-protocol-version': '2025-11-25' };
  await ended(await send('POST', headers, { method: 'notifications/initialized' }));
  sessions.push(headers);
  return headers;
}

/** Resolves once the stream is open. Counts the stream as done when the last notification has arrived. */
async function listen(headers) {
  const response = await send('GET', headers);
  let tail = '';
  response.setEncoding('latin1');
  response.on('data', (chunk) => {
    const text = tail + chunk;
    changes += chunk.split('notifications/tools/list_changed').length - 1;
    if (text.includes('"last":true')) {
      tail = '';
      if (--left === 0) process.send('done');
    } else tail = text.slice(-16);
  });
}

const commands = {
  changes() {
    process.send({ changes });
  },
  async open({ count, listening }) {
    for (let index = 0; index < count; index++) {
      const headers = await openSession();
      if (listening) await listen(headers);
    }
  },
  expect() {
    left = sessions.length;
  },
  async call({ read = true }) {
    const params = { name: 'work', arguments: {}, _meta: { progressToken: 1 } };
    const response = await send('POST', sessions[0], { id: 1, method: 'tools/call', params });
    if (read) await ended(response);
    else response.pause();
  },
};

process.on('message', async ({ command, ...params }) => {
  if (command === 'url') url = params.url;
  else await commands[command](params);
  process.send(command);
});
