import fc from 'fast-check';
import { createServer, type ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { listen, type Listening } from '../../rig/listen';
import { watchSession } from '../../rig/watchSession';
import { anyCuts, anyMessage, cut, includesAll, type Sent } from './anyMessage';

interface Incoming {
  id?: unknown;
  method?: string;
}

/** Starts a server of HTTP+SSE. `chunks` are written before the response to the next call. */
async function startServer() {
  const state = { chunks: [] as Buffer[], answered: [] as unknown[], streams: 0 };
  let stream: ServerResponse | undefined;
  const respond = (id: unknown, result: object): void => {
    stream?.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
  };
  const serverInfo = { name: 'scripted', version: '1.0.0' };
  const handle = async ({ id, method }: Incoming): Promise<void> => {
    if (method === undefined) state.answered.push(id);
    else if (method === 'initialize')
      respond(id, { protocolVersion: '2024-11-05', capabilities: { tools: {} }, serverInfo });
    else if (method === 'tools/call') {
      for (const chunk of state.chunks.splice(0)) {
        stream?.write(chunk);
        await setImmediate();
      }
      respond(id, { content: [] });
    } else if (id !== undefined) respond(id, {});
  };
  const http = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/sse') {
      state.streams++;
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      stream.write('event: endpoint\ndata: /messages\n\n');
    } else if (request.method === 'POST' && request.url === '/messages') {
      void textOf(request).then((body) => {
        response.writeHead(202).end();
        return handle(JSON.parse(body) as Incoming);
      });
    } else {
      response.writeHead(405).end();
    }
  });
  const listening: Listening = await listen(http);
  return { state, url: new URL('/sse', listening.url), close: () => listening.close() };
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

/** An event with a message as its data. Its lines may end in any way. */
const messageEvent = fc
  .record({
    sent: anyMessage,
    end: lineEnd,
    name: fc.constantFrom('', 'event: message', 'event:message', 'event'),
    id: fc.constantFrom('', 'id: 7', 'id', 'id: \0'),
    space: fc.constantFrom(' ', ''),
  })
  .map(({ sent, end, name, id, space }): Sent => {
    // A character that ends a line in an event stream begins a new field.
    const data = `data:${space}${sent.text.replace(/^ /, '')}`;
    return { ...sent, text: [name, id, data, '', ''].filter((line, index) => line || index > 2).join(end) };
  });

/** Other parts of an event stream, none of which is a message. */
const otherPart = fc
  .oneof(
    fc.constantFrom(
      ': comment\n\n',
      'retry: 10\n\n',
      'retry: never\n\n',
      'event: custom\ndata: {"jsonrpc":"2.0","method":"custom/tick","params":{"n":-1}}\n\n',
      'event: message\n\n',
      'id: 9\n\n',
      'data\n\n',
      'unknown: field\n\n',
      '\n\n\n',
      'event: endpoint\ndata: /messages\n\n',
      'event: endpoint\ndata: http://other.test/messages\n\n',
      'event: endpoint\ndata: http://[\n\n',
      `event: endpoint\ndata: /${'a'.repeat(9_000)}\n\n`,
    ),
    fc.string({ unit: 'binary', maxLength: 30 }).map((text) => `: ${text.replace(/[\r\n]/g, ' ')}\n\n`),
  )
  .map((text): Sent => ({ text }));

describe('a server of HTTP+SSE that sends any events, cut at any bytes', () => {
  it('has each valid message delivered once and in order, and keeps its connection', async () => {
    const { state, url, close } = await startServer();
    const { session, ticks, statuses } = watchSession(new MCPSession(new HttpConnector(url)));
    await session.connect();
    const connected = statuses.length;
    const events = fc.array(fc.oneof({ weight: 3, arbitrary: messageEvent }, { weight: 1, arbitrary: otherPart }), {
      maxLength: 20,
    });

    try {
      await fc.assert(
        fc.asyncProperty(events, anyCuts, async (sent, places) => {
          const before = ticks.length;
          state.chunks = cut(sent.map(({ text }) => text).join(''), places);
          await session.callTool('write', {}, { timeout: 10_000 });
          const requestIds = sent.flatMap(({ requestId }) => requestId ?? []);
          // The client answers after a few turns of the event loop.
          for (let turn = 0; turn < 100 && !includesAll(state.answered, requestIds); turn++) {
            await session.callTool('write', {}, { timeout: 10_000 });
          }

          expect(ticks.slice(before)).toEqual(sent.flatMap(({ tick }) => tick ?? []));
          expect(state.answered).toEqual(expect.arrayContaining(requestIds));
          expect(statuses).toHaveLength(connected);
          expect(state.streams).toBe(1);
        }),
        { numRuns: 300, interruptAfterTimeLimit: 60_000 },
      );
    } finally {
      await session.disconnect();
      await close();
    }
  }, 120_000);
});
