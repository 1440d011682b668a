import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen, type Listening } from '../../rig/listen';
import { type Answer, event, type IncomingRequest, plain, result, stream } from './responses';

/** Options for {@link startWorldServer}. */
export interface WorldOptions {
  /**
   * How the server handles session ids. `'known'` (default): rejects unknown ids with 404. `'any'`: assigns ids, and accepts any.
   * `'none'`: has no ids and one state for all clients, like the SDK's transport with `sessionIdGenerator: undefined`.
   */
  ids?: 'known' | 'any' | 'none';
  capabilities?: object;
}

/** A small Streamable HTTP server in this process, which can respond like servers and proxies in use. */
export interface WorldServer {
  readonly url: string;
  readonly port: number;
  /** The number of requests of each kind, answered or rejected, over all restarts. */
  readonly requestCounts: Readonly<Record<string, number>>;
  /** The bodies of all messages, over all restarts. */
  readonly messages: readonly { method?: string; params?: Record<string, unknown> }[];
  /** Answers every request with a function, until called with `undefined`. */
  answer(answer: Answer | undefined): void;
  /** Rejects every request with a function. Resolves after `count` requests, and continues to reject. */
  reject(count: number, reject: (incoming: IncomingRequest) => unknown): Promise<void>;
  /** Resolves when the predicate holds. It is checked after each request. */
  until(holds: () => boolean): Promise<void>;
  /** Destroys the open streams. */
  cut(): void;
  /** Forgets all sessions. Open streams stay open. */
  forget(): void;
  /** Ends the process: the port is closed, and all state is lost. */
  kill(): Promise<void>;
  /** Starts the server again on the same port. */
  start(): Promise<void>;
  /** Writes to every open stream. */
  write(text: string): void;
  /** Sets the text of the resource, and notifies its subscribers. */
  update(text: string): void;
  /** Sends a request on the open streams. Resolves with the response. */
  ask(method: string, params: object): Promise<unknown>;
  /** Sets whether any session id is accepted, or only known ones. */
  acceptAnyId(acceptsAnyId: boolean): void;
  /** Whether any session is subscribed to the resource. */
  isSubscribed(): boolean;
  /** Returns the log levels of all sessions that have set one. */
  levels(): unknown[];
  close(): Promise<void>;
}

interface State {
  subscribed: Set<unknown>;
  level?: unknown;
  streams: Set<ServerResponse>;
}

export const uri = 'world://notes';

const serverInfo = { name: 'world', version: '1.0.0' };
const allCapabilities = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  prompts: {},
  logging: {},
};

/** Starts a {@link WorldServer}. */
export async function startWorldServer({
  ids = 'known',
  capabilities = allCapabilities,
}: WorldOptions = {}): Promise<WorldServer> {
  const requestCounts: Record<string, number> = {};
  const messages: { method?: string; params?: Record<string, unknown> }[] = [];
  const states = new Map<string, State>();
  /** All open streams, including those of forgotten sessions. */
  const open = new Set<ServerResponse>();
  const answers = new Map<unknown, (answer: unknown) => void>();
  const waiting = new Set<() => void>();
  let override: Answer | undefined;
  let acceptsAnyId = ids !== 'known';
  let contents = 'first';
  let sessions = 0;
  let questions = 0;
  let server: Listening | undefined;
  let port = 0;

  function stateOf({ from }: IncomingRequest): State | undefined {
    const id = ids === 'none' ? '' : String(from.headers['mcp-session-id']);
    const known = states.get(id);
    if (known || !acceptsAnyId) return known;
    const fresh: State = { subscribed: new Set(), streams: new Set() };
    states.set(id, fresh);
    return fresh;
  }

  function respond(each: IncomingRequest): unknown {
    const { kind, id, params, to } = each;
    if (kind === 'initialize') {
      const session = `session-${++sessions}`;
      if (ids !== 'none') states.set(session, { subscribed: new Set(), streams: new Set() });
      const headers: Record<string, string> = ids === 'none' ? {} : { 'mcp-session-id': session };
      return result(each, { protocolVersion: '2025-11-25', capabilities, serverInfo }, headers);
    }
    const state = stateOf(each);
    if (!state) return plain(each, 404, 'session not found');
    if (kind === 'GET') {
      state.streams.add(stream(each).on('close', () => state.streams.delete(to)));
      open.add(to.on('close', () => open.delete(to)));
      return undefined;
    }
    if (id === undefined || kind === 'answer') return to.writeHead(202).end();
    if (kind === 'resources/subscribe') state.subscribed.add(params['uri']);
    if (kind === 'resources/unsubscribe') state.subscribed.delete(params['uri']);
    if (kind === 'logging/setLevel') state.level = params['level'];
    if (kind === 'tools/call' && params['name'] === 'work') return work(each);
    return result(each, resultOf(kind));
  }

  /** Reports progress in three steps, then answers. */
  function work(each: IncomingRequest): void {
    const progressToken = Reflect.get(Object(each.params['_meta']), 'progressToken');
    const steps = [1, 2, 3].map((progress) =>
      event({ method: 'notifications/progress', params: { progressToken, progress } }),
    );
    stream(each).end(`${steps.join('')}${event({ id: each.id, result: resultOf('tools/call') })}`);
  }

  function resultOf(kind: string): object {
    switch (kind) {
      case 'tools/list':
        return { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] };
      case 'resources/list':
        return { resources: [{ name: 'notes', uri }] };
      case 'resources/templates/list':
        return { resourceTemplates: [] };
      case 'prompts/list':
        return { prompts: [] };
      case 'resources/read':
        return { contents: [{ uri, text: contents }] };
      case 'tools/call':
        return { content: [{ type: 'text', text: 'done' }] };
      default:
        return {};
    }
  }

  function receive(from: IncomingMessage, to: ServerResponse, body: string): void {
    const message = body ? JSON.parse(body) : { method: from.method };
    const { method, id, params = {} } = message;
    const kind: string = method ?? 'answer';
    requestCounts[kind] = (requestCounts[kind] ?? 0) + 1;
    if (body) messages.push(message);
    if (kind === 'answer') answers.get(id)?.(message.result ?? message.error);
    const each: IncomingRequest = { kind, id, params, path: from.url ?? '', from, to };
    if (!override?.(each)) respond(each);
    for (const check of waiting) check();
  }

  const streams = (): ServerResponse[] => [...states.values()].flatMap((state) => [...state.streams]);

  const world: WorldServer = {
    get url() {
      return `http://127.0.0.1:${port}/mcp`;
    },
    get port() {
      return port;
    },
    requestCounts,
    messages,
    answer: (answer) => void (override = answer),
    reject(count, reject) {
      let rejected = 0;
      override = (incoming) => {
        rejected++;
        reject(incoming);
        return true;
      };
      return world.until(() => rejected >= count);
    },
    until: (holds) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`Not within 12 s: ${String(holds)}\nRequests: ${JSON.stringify(requestCounts)}`));
        }, 12_000);
        function check(): void {
          if (!holds()) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve();
        }
        waiting.add(check);
        check();
      }),
    cut: () => open.forEach((to) => to.destroy()),
    forget: () => states.clear(),
    async kill() {
      const closed = server?.close();
      server = undefined;
      states.clear();
      await closed;
    },
    async start() {
      const http = createServer((from, to) => {
        void text(from).then(
          (body) => receive(from, to, body),
          () => undefined,
        );
      });
      server = await listen(http, port);
      port = server.port;
    },
    write: (written) => streams().forEach((to) => to.write(written)),
    update(value) {
      contents = value;
      for (const { subscribed, streams } of states.values()) {
        if (!subscribed.has(uri)) continue;
        const updated = event({ method: 'notifications/resources/updated', params: { uri } });
        for (const to of streams) to.write(updated);
      }
    },
    ask(method, params) {
      const id = `question-${++questions}`;
      return new Promise((resolve) => {
        answers.set(id, resolve);
        world.write(event({ id, method, params }));
      });
    },
    acceptAnyId: (accepts) => void (acceptsAnyId = accepts),
    isSubscribed: () => [...states.values()].some(({ subscribed }) => subscribed.has(uri)),
    levels: () => [...states.values()].flatMap(({ level }) => (level === undefined ? [] : [level])),
    close: () => world.kill(),
  };
  await world.start();
  return world;
}
