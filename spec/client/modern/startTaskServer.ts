import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  type ClientCapabilities,
  createMcpHandler,
  ProtocolError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { filter, firstValueFrom, ReplaySubject } from 'rxjs';
import { z } from 'zod';
import { listen } from '../../rig/listen';

const extension = 'io.modelcontextprotocol/tasks';
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities';
const missingCapability = -32021;
const invalidParams = -32602;

/** A received message: its method and params, and the headers of the HTTP request. */
interface Received {
  method: string;
  params: Record<string, unknown>;
  headers: Record<string, string | string[] | undefined>;
}

/** A state in a response to `tasks/get`, without the members that all states have. */
type State = { status: string } & Record<string, unknown>;

/** A server of protocol 2026-07-28 whose tool `build` runs as a task of the tasks extension. */
export interface ModernTaskServer {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** Resolves with the nth request of this method. */
  until(method: string, n?: number): Promise<Received>;
  /** Sets the state of the task. */
  set(state: State): void;
  /** Forgets the task. */
  forget(): void;
  close(): Promise<void>;
}

/** Starts a server of `@modelcontextprotocol/server` that answers each call of `build` with a task. */
export async function startModernTaskServer(port = 0): Promise<ModernTaskServer> {
  const received: Received[] = [];
  const received$ = new ReplaySubject<Received>(Infinity);
  let state: State | undefined;
  let common = {};

  const task = ({ mcpReq: { envelope } }: ServerContext): State => {
    const { [capabilitiesKey]: declared } = envelope as Record<string, ClientCapabilities | undefined>;
    if (!declared?.extensions?.[extension]) throw missing();
    if (!state) throw new ProtocolError(invalidParams, 'Failed to retrieve task: Task not found');
    return { ...common, ...state };
  };
  const missing = (): ProtocolError => {
    const requiredCapabilities = { extensions: { [extension]: {} } };
    return new ProtocolError(missingCapability, 'Missing required client capability', { requiredCapabilities });
  };

  const handler = createMcpHandler(
    () => {
      const server = new Server(
        { name: 'tasks', version: '1' },
        { capabilities: { tools: {}, extensions: { [extension]: {} } } },
      );
      const outputSchema = { type: 'object' as const, properties: { ok: { type: 'boolean' } }, required: ['ok'] };
      const inputSchema = { type: 'object' as const };
      server.setRequestHandler('tools/list', () => ({ tools: [{ name: 'build', inputSchema, outputSchema }] }));
      server.setRequestHandler('tools/call', () => {
        const now = new Date().toISOString();
        state = { status: 'working' };
        common = { taskId: randomUUID(), createdAt: now, lastUpdatedAt: now, ttlMs: null, pollIntervalMs: 100 };
        return { resultType: 'task', ...common, ...state, content: [] };
      });
      server.setRequestHandler('tasks/get', { params: z.looseObject({}) }, (_, context) => task(context));
      server.setRequestHandler('tasks/update', { params: z.looseObject({}) }, (_, context) => {
        task(context);
        state = { status: 'working', statusMessage: 'answered' };
        return {};
      });
      server.setRequestHandler('tasks/cancel', { params: z.looseObject({}) }, (_, context) => {
        task(context);
        state = { status: 'cancelled' };
        return {};
      });
      return server;
    },
    { legacy: 'reject' },
  );
  const answer = toNodeHandler(handler);
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Omit<Received, 'headers'>;
      const seen = { method: body.method, params: body.params, headers: request.headers };
      received.push(seen);
      void answer(request, response, body).then(() => received$.next(seen));
    });
  });
  const listening = await listen(http, port);

  return {
    url: listening.url,
    port: listening.port,
    received,
    until: async (method, n = 1) => {
      let left = n;
      return firstValueFrom(received$.pipe(filter((seen) => seen.method === method && --left === 0)));
    },
    set: (next) => (state = next),
    forget: () => (state = undefined),
    close: async () => {
      await listening.close();
      await handler.close();
    },
  };
}
