import { randomUUID } from 'node:crypto';
import { NodeStreamableHTTPServerTransport, toNodeHandler as toSdkHandler } from '@modelcontextprotocol/node';
import { McpServer as OlderServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/server';
import { MCPServer, progress, tool, toNodeHandler } from 'rx-mcp/server';
import { BehaviorSubject, concat, from, map, of } from 'rxjs';

const info = { name: 'bench', version: '1.0.0' };
const others = Array.from({ length: 9 }, (_, index) => `tool${index}`);

/** A server of this library. */
export function rxMcp(work) {
  const steps = tool('work', {}, () =>
    concat(from({ length: work.n }).pipe(map((_, index) => progress(index + 1, work.n, work.text))), of('done')),
  );
  const tools$ = new BehaviorSubject([steps, ...others.map((name) => tool(name, {}, () => name))]);
  const server = new MCPServer(info, { tools: tools$ });
  return {
    handler: toNodeHandler(server),
    notify: (params) => server.notify('bench/tick', params),
    register: (name) => tools$.next([...tools$.value, tool(name, {}, () => name)]),
  };
}

/** An SDK server per session, as in the SDK's examples. */
function raw(createServer, createTransport) {
  return (work) => {
    const sessions = new Map();

    async function open() {
      const server = createServer(info, { capabilities: { logging: {} } });
      const register = (name, run) => (server.registerTool ?? server.tool).call(server, name, {}, run);
      register('work', async (...given) => {
        const extra = given.at(-1);
        const send = extra.mcpReq ? extra.mcpReq.notify : extra.sendNotification;
        for (let index = 1; index <= work.n; index++) {
          const params = { progressToken: 1, progress: index, total: work.n, message: work.text };
          const sent = send({ method: 'notifications/progress', params });
          if (work.isAwaited) await sent;
          else sent.catch(() => undefined);
        }
        return { content: [{ type: 'text', text: 'done' }] };
      });
      for (const name of others) register(name, async () => ({ content: [{ type: 'text', text: name }] }));
      const transport = createTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => sessions.set(id, { server, transport }),
      });
      await server.connect(transport);
      return transport;
    }

    return {
      handler: async (request, response) => {
        const session = sessions.get(request.headers['mcp-session-id']);
        await (session?.transport ?? (await open())).handleRequest(request, response);
      },
      register: (name) => {
        const run = async () => ({ content: [{ type: 'text', text: name }] });
        for (const { server } of sessions.values()) (server.registerTool ?? server.tool).call(server, name, {}, run);
      },
      notify: (params) =>
        Promise.all(
          [...sessions.values()].map(({ server }) => server.server.notification({ method: 'bench/tick', params })),
        ),
    };
  };
}

/** SDK 1.x. */
export const rawSdk = raw(
  (...args) => new OlderServer(...args),
  (options) => new StreamableHTTPServerTransport(options),
);

/** SDK 2.x. */
export const sdkV2 = raw(
  (...args) => new McpServer(...args),
  (options) => new NodeStreamableHTTPServerTransport(options),
);

/** Streams and prepared bytes without a server: the lower bound for any server. */
export function bare() {
  const encoder = new TextEncoder();
  const controllers = [];
  const serve = (request) => {
    if (request.method !== 'GET') {
      const headers = { 'mcp-session-id': randomUUID() };
      return Response.json({ jsonrpc: '2.0', id: 0, result: {} }, { headers });
    }
    const body = new ReadableStream({
      start(controller) {
        controllers.push(controller);
        controller.enqueue(encoder.encode(': open\n\n'));
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  return {
    handler: toSdkHandler({ fetch: async (request) => serve(request) }),
    async notify(params) {
      const bytes = encoder.encode(`data: ${JSON.stringify({ jsonrpc: '2.0', method: 'bench/tick', params })}\n\n`);
      for (const controller of controllers) controller.enqueue(bytes);
    },
  };
}

/** Prepared text on Node's own responses: the lower bound for a session. */
export function bareNode() {
  const serve = async (request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n');
      return;
    }
    let text = '';
    for await (const chunk of request) text += chunk;
    const { id, method } = JSON.parse(text);
    if (method !== 'initialize') return response.writeHead(202).end();
    const headers = { 'content-type': 'application/json', 'mcp-session-id': randomUUID() };
    response.writeHead(200, headers).end(JSON.stringify({ jsonrpc: '2.0', id, result: {} }));
  };
  return { handler: serve };
}
