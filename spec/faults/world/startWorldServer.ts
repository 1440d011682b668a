import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen, type Listening } from '../../rig/listen';

/** A message, or a request without one, and its response. */
export interface Asked {
  /** The method of the message, or `GET` or `DELETE`. `answer` for the response to a server request. */
  what: string;
  id: unknown;
  params: Record<string, unknown>;
  path: string;
  from: IncomingMessage;
  to: ServerResponse;
}

/** Answers a request in place of the server and returns `true`, or leaves it to the server. */
export type Answer = (asked: Asked) => boolean;

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
  readonly asked: Readonly<Record<string, number>>;
  /** The bodies of all messages, over all restarts. */
  readonly messages: readonly { method?: string; params?: Record<string, unknown> }[];
  /** Answers every request with a function, until called with `undefined`. */
  answer(answer: Answer | undefined): void;
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
  takeAny(takesAny: boolean): void;
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

/** Writes a JSON response. */
export function json(
  { to }: Pick<Asked, 'to'>,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  to.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return true;
}

/** Responds with a status and plain text. */
export function plain({ to }: Pick<Asked, 'to'>, status: number, body = 'page not found', type = 'text/plain'): true {
  to.writeHead(status, { 'content-type': type }).end(body);
  return true;
}

/** Responds with a status and no body. */
export function empty({ to }: Pick<Asked, 'to'>, status: number): true {
  to.writeHead(status).end();
  return true;
}

/** Responds to a request with a result. */
export function result(asked: Asked, value: object, headers?: Record<string, string>): true {
  return json(asked, 200, { jsonrpc: '2.0', id: asked.id, result: value }, headers);
}

export function event(message: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`;
}

/** Starts an event stream. */
export function stream({ to }: Pick<Asked, 'to'>): ServerResponse {
  to.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  return to;
}

/** Starts a {@link WorldServer}. */
export async function startWorldServer({
  ids = 'known',
  capabilities = allCapabilities,
}: WorldOptions = {}): Promise<WorldServer> {
  const asked: Record<string, number> = {};
  const messages: { method?: string; params?: Record<string, unknown> }[] = [];
  const states = new Map<string, State>();
  /** All open streams, including those of forgotten sessions. */
  const open = new Set<ServerResponse>();
  const answers = new Map<unknown, (answer: unknown) => void>();
  const waiting = new Set<() => void>();
  let override: Answer | undefined;
  let takesAny = ids !== 'known';
  let contents = 'first';
  let sessions = 0;
  let questions = 0;
  let server: Listening | undefined;
  let port = 0;

  function stateOf({ from }: Asked): State | undefined {
    const id = ids === 'none' ? '' : String(from.headers['mcp-session-id']);
    const known = states.get(id);
    if (known || !takesAny) return known;
    const fresh: State = { subscribed: new Set(), streams: new Set() };
    states.set(id, fresh);
    return fresh;
  }

  function behave(each: Asked): unknown {
    const { what, id, params, to } = each;
    if (what === 'initialize') {
      const session = `session-${++sessions}`;
      if (ids !== 'none') states.set(session, { subscribed: new Set(), streams: new Set() });
      const headers: Record<string, string> = ids === 'none' ? {} : { 'mcp-session-id': session };
      return result(each, { protocolVersion: '2025-11-25', capabilities, serverInfo }, headers);
    }
    const state = stateOf(each);
    if (!state) return plain(each, 404, 'session not found');
    if (what === 'GET') {
      state.streams.add(stream(each).on('close', () => state.streams.delete(to)));
      open.add(to.on('close', () => open.delete(to)));
      return undefined;
    }
    if (id === undefined || what === 'answer') return to.writeHead(202).end();
    if (what === 'resources/subscribe') state.subscribed.add(params['uri']);
    if (what === 'resources/unsubscribe') state.subscribed.delete(params['uri']);
    if (what === 'logging/setLevel') state.level = params['level'];
    if (what === 'tools/call' && params['name'] === 'work') return work(each);
    return result(each, resultOf(what));
  }

  /** Reports progress in three steps, then answers. */
  function work(each: Asked): void {
    const progressToken = Reflect.get(Object(each.params['_meta']), 'progressToken');
    const steps = [1, 2, 3].map((progress) =>
      event({ method: 'notifications/progress', params: { progressToken, progress } }),
    );
    stream(each).end(`${steps.join('')}${event({ id: each.id, result: resultOf('tools/call') })}`);
  }

  function resultOf(what: string): object {
    switch (what) {
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

  function take(from: IncomingMessage, to: ServerResponse, body: string): void {
    const message = body ? JSON.parse(body) : { method: from.method };
    const { method, id, params = {} } = message;
    const what: string = method ?? 'answer';
    asked[what] = (asked[what] ?? 0) + 1;
    if (body) messages.push(message);
    if (what === 'answer') answers.get(id)?.(message.result ?? message.error);
    const each: Asked = { what, id, params, path: from.url ?? '', from, to };
    if (!override?.(each)) behave(each);
    for (const look of waiting) look();
  }

  const streams = (): ServerResponse[] => [...states.values()].flatMap((state) => [...state.streams]);

  const world: WorldServer = {
    get url() {
      return `http://127.0.0.1:${port}/mcp`;
    },
    get port() {
      return port;
    },
    asked,
    messages,
    answer: (answer) => void (override = answer),
    until: (holds) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`Not within 12 s: ${String(holds)}\nAsked: ${JSON.stringify(asked)}`));
        }, 12_000);
        function look(): void {
          if (!holds()) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve();
        }
        waiting.add(look);
        look();
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
          (body) => take(from, to, body),
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
    takeAny: (takes) => void (takesAny = takes),
    isSubscribed: () => [...states.values()].some(({ subscribed }) => subscribed.has(uri)),
    levels: () => [...states.values()].flatMap(({ level }) => (level === undefined ? [] : [level])),
    close: () => world.kill(),
  };
  await world.start();
  return world;
}
