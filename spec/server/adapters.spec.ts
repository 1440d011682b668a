import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { toNodeHandler as toSdkHandler } from '@modelcontextprotocol/node';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { filter, finalize, firstValueFrom, interval, map } from 'rxjs';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { MCPServer, progress, tool, toNodeHandler } from 'rx-mcp/server';
import { stepsTool } from './rig/stepsTool';
import { listen } from '../rig/listen';
import { until } from './rig/serve';

/** Mounts a server at `/mcp` of an HTTP server. */
type Mount = (server: MCPServer) => Server | Promise<Server>;

const mounts: Record<string, Mount> = {
  'node:http': (server) => createServer(toNodeHandler(server)),
  "node:http, with the SDK's adapter": (server) => {
    const handle = toSdkHandler(server);
    return createServer((request, response) => void handle(request, response));
  },
  Express: (server) => createServer(express().all('/mcp', toNodeHandler(server))),
  'Express with a body parser': (server) => {
    const app = express();
    app.use(express.json());
    const handle = toNodeHandler(server);
    app.all('/mcp', (request, response) => handle(request, response, request.body));
    return createServer(app);
  },
  Fastify: async (server) => {
    const app = fastify();
    const handle = toNodeHandler(server);
    app.all('/mcp', async (request, reply) => {
      reply.hijack();
      handle(request.raw, reply.raw, request.body);
    });
    await app.ready();
    return app.server;
  },
  Hono: (server) => {
    const app = new Hono();
    app.all('/mcp', (context) => server.fetch(context.req.raw));
    const handle = getRequestListener(app.fetch);
    return createServer((request, response) => void handle(request, response));
  },
};

describe.each(Object.entries(mounts))('a server mounted in %s', (_, mount) => {
  it('streams progress and notifications, and detects cancellations and disconnected clients', async () => {
    let running = 0;
    const endless$ = interval(5).pipe(map((n) => progress(n)));
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        tools: [stepsTool, tool('endless', {}, () => (running++, endless$.pipe(finalize(() => running--))))],
      },
    );
    const { url, close } = await listen(await mount(server));
    const session = new MCPSession(new HttpConnector(url));
    await session.connect();
    const seen: number[] = [];
    await session.callTool('steps', {}, { onProgress: ({ progress }) => seen.push(progress) });
    expect(seen).toEqual([1, 2, 3]);
    const received = firstValueFrom(session.notifications$);
    await server.notify('custom/all');
    expect(await received).toMatchObject({ method: 'custom/all' });
    await firstValueFrom(session.callTool$('endless', {}).pipe(filter(({ kind }) => kind === 'progress')));
    await until(() => running === 0, 'the cancel');
    await firstValueFrom(server.status$.pipe(filter(({ listening }) => listening === 1)));
    const left = firstValueFrom(server.status$.pipe(filter(({ sessions, listening }) => sessions + listening === 0)));
    await session.disconnect();
    await left;
    await server.close();
    await close();
  });
});

describe('the fetch method of MCPServer', () => {
  it('works unbound', async () => {
    const { fetch } = new MCPServer({ name: 'spec', version: '1' });
    expect((await fetch(new Request('http://localhost/mcp', { method: 'PUT' }))).status).toBe(405);
  });
});
