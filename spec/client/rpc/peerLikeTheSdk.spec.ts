import { setImmediate } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type JSONRPCMessage, McpError } from '@modelcontextprotocol/sdk/types.js';
import fc from 'fast-check';
import { MCPSession, ServerError, TransportConnector } from 'rx-mcp';
import { z } from 'zod';

const key = fc.string({ maxLength: 6 }).filter((name) => !['__proto__', '_meta', 'task', ''].includes(name));
const object = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3, noNullPrototype: true });

/** What a server sends while requests of the client are open. `index` selects one of those that are still open. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('result' as const), index: fc.nat(), result: object }),
  fc.record({
    kind: fc.constant('error' as const),
    index: fc.nat(),
    error: fc.record(
      { code: fc.integer({ min: -31_999, max: -1 }), message: fc.string({ maxLength: 10 }), data: object },
      { requiredKeys: ['code', 'message'] },
    ),
  }),
  fc.record({
    kind: fc.constant('notification' as const),
    method: fc.constantFrom('custom/a', 'custom/b'),
    params: object,
  }),
  fc.record({
    kind: fc.constant('request' as const),
    method: fc.constantFrom('ping', 'custom/unknown'),
    id: fc.oneof(fc.nat(), fc.string({ minLength: 1, maxLength: 5 })),
  }),
  fc.record({ kind: fc.constant('stray' as const), id: fc.integer({ min: 1_000, max: 2_000 }), result: object }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const initialized = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  serverInfo: { name: 'server', version: '1.0.0' },
};

/** A transport that completes the handshake on its own, and records what is sent after it. */
function createScriptedTransport() {
  const sent: JSONRPCMessage[] = [];
  const transport: Transport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(transport.onclose?.()),
    send(message) {
      if ('method' in message && message.method === 'initialize' && 'id' in message) {
        transport.onmessage?.({ jsonrpc: '2.0', id: message.id, result: initialized });
      } else {
        sent.push(message);
      }
      return Promise.resolve();
    },
  };
  return { transport, sent };
}

/** What a client sends and how its requests end, when a server does these steps and then answers what is still open. */
async function observe(
  connect: (transport: Transport) => Promise<{ request(n: number): Promise<unknown>; close(): Promise<void> }>,
  count: number,
  steps: readonly Step[],
) {
  const { transport, sent } = createScriptedTransport();
  const client = await connect(transport);
  await setImmediate();
  sent.length = 0;
  const outcomes = Array.from({ length: count }, (_, n) => client.request(n).catch(readError));
  await setImmediate();
  const open = sent.flatMap((message) => ('id' in message && message.id !== undefined ? [message.id] : []));
  for (const each of steps) transport.onmessage?.(messageOf(each, open));
  for (const id of open) transport.onmessage?.({ jsonrpc: '2.0', id, result: { last: true } });
  const settled = await Promise.all(outcomes);
  await setImmediate();
  const requested = sent.filter((message) => 'method' in message);
  // The order of answers is free: each library takes its own number of turns for each kind of request.
  const answers = Object.fromEntries(
    sent.flatMap((message) => ('method' in message ? [] : [[String(message.id), outcomeOf(message)]])),
  );
  await client.close();
  return { outcomes: JSON.parse(JSON.stringify(settled)) as unknown, requested, answers };
}

/** The message of a step. Removes the request that it answers from those that are open. */
function messageOf(each: Step, open: (string | number)[]): JSONRPCMessage {
  if (each.kind === 'notification') return { jsonrpc: '2.0', method: each.method, params: each.params };
  // An id of its own for each request of the server, as the protocol requires.
  if (each.kind === 'request') return { jsonrpc: '2.0', id: `${requests++}-${each.id}`, method: each.method };
  const [id] = each.kind === 'stray' || open.length === 0 ? [1_500] : open.splice(each.index % open.length, 1);
  return each.kind === 'error'
    ? { jsonrpc: '2.0', id: id!, error: each.error }
    : { jsonrpc: '2.0', id: id!, result: each.result };
}

let requests = 0;

/** The result of an answer, or the code of its error: each library words errors in its own way. */
function outcomeOf(answer: Exclude<JSONRPCMessage, { method: string }>): unknown {
  return 'error' in answer ? answer.error.code : answer.result;
}

function readError(error: unknown): unknown {
  if (error instanceof ServerError) return { code: error.code, message: error.message, data: error.data };
  if (!(error instanceof McpError)) throw error;
  return { code: error.code, message: error.message.replace(/^MCP error -?\d+: /, ''), data: error.data };
}

describe('the JSON-RPC peer', () => {
  it('sends and settles the same as the SDK client for any order of responses, notifications and requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 4 }), fc.array(step, { maxLength: 8 }), async (count, steps) => {
        requests = 0;
        const fromPeer = await observe(
          async (transport) => {
            const session = new MCPSession(new TransportConnector(() => transport));
            await session.connect();
            return { request: (n) => session.request('custom/work', { n }), close: () => session.disconnect() };
          },
          count,
          steps,
        );
        requests = 0;
        const fromSdk = await observe(
          async (transport) => {
            const client = new Client({ name: 'client', version: '1.0.0' });
            await client.connect(transport);
            return {
              request: (n) => client.request({ method: 'custom/work', params: { n } }, z.looseObject({})),
              close: () => client.close(),
            };
          },
          count,
          steps,
        );

        expect(fromPeer).toEqual(fromSdk);
      }),
    );
  });
});
