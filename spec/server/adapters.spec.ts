import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve as serveHono } from '@hono/node-server';
import { toNodeHandler as toSdkHandler } from '@modelcontextprotocol/node';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { concat, filter, finalize, firstValueFrom, interval, map, of, take } from 'rxjs';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { MCPServer, progress, tool, toNodeHandler } from 'rx-mcp/server';
import { until } from './rig/serve';

/** Mounts a server at `/mcp`. Resolves with the port and a function that stops it. */
type Mount = (server: MCPServer) => Promise<{ port: number; stop: () => unknown }>;

async function listen(listener: RequestListener): Promise<{ port: number; stop: () => unknown }> {
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { port: (http.address() as AddressInfo).port, stop: () => http.close() };
}

const mounts: Record<string, Mount> = {
  'node:http': (server) => listen(toNodeHandler(server)),
  "node:http, with the SDK's adapter": (server) => {
    const handle = toSdkHandler(server);
    return listen((request, response) => void handle(request, response));
  },
  Express: (server) => listen(express().all('/mcp', toNodeHandler(server))),
  'Express with a body parser': (server) => {
    const app = express();
    app.use(express.json());
    const handle = toNodeHandler(server);
    app.all('/mcp', (request, response) => handle(request, response, request.body));
    return listen(app);
  },
  Fastify: async (server) => {
    const app = fastify();
    const handle = toNodeHandler(server);
    app.all('/mcp', async (request, reply) => {
      reply.hijack();
      handle(request.raw, reply.raw, request.body);
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() };
  },
  Hono: async (server) => {
    const app = new Hono();
    app.all('/mcp', (context) => server.fetch(context.req.raw));
    const http = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
    await new Promise((resolve) => http.once('listening', resolve));
    return { port: (http.address() as AddressInfo).port, stop: () => http.close() };
  },
};

describe.each(Object.entries(mounts))('a server mounted in %s', (_, mount) => {
  it('streams progress and notifications, and detects cancellations and disconnected clients', async () => {
    let running = 0;
    const endless$ = interval(5).pipe(map((n) => progress(n)));
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        tools: [
          tool('steps', {}, () =>
            concat(
              interval(1).pipe(
                take(3),
                map((n) => progress(n + 1)),
              ),
              of('done'),
            ),
          ),
          tool('endless', {}, () => (running++, endless$.pipe(finalize(() => running--)))),
        ],
      },
    );
    const { port, stop } = await mount(server);
    const session = new MCPSession(new HttpConnector(`http://127.0.0.1:${port}/mcp`));
    await session.connect();
    const seen: number[] = [];
    await session.callTool('steps', {}, { onProgress: ({ progress }) => seen.push(progress) });
    expect(seen).toEqual([1, 2, 3]);
    const heard = firstValueFrom(session.notifications$);
    await server.notify('custom/all');
    expect(await heard).toMatchObject({ method: 'custom/all' });
    await firstValueFrom(session.callTool$('endless', {}).pipe(filter(({ kind }) => kind === 'progress')));
    await until(() => running === 0, 'the cancel');
    await firstValueFrom(server.status$.pipe(filter(({ listening }) => listening === 1)));
    const left = firstValueFrom(server.status$.pipe(filter(({ sessions, listening }) => sessions + listening === 0)));
    await session.disconnect();
    await left;
    await server.close();
    stop();
  });
});

it('has a fetch that works unbound', async () => {
  const { fetch } = new MCPServer({ name: 'spec', version: '1' });
  expect((await fetch(new Request('http://localhost/mcp', { method: 'PUT' }))).status).toBe(405);
});
