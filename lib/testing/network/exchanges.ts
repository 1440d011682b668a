import { errorCode } from '../../protocol/errorCodes';
import { isObject } from '../../util/isObject';
import { type Incoming, listenedUris, readIncoming } from './incoming';
import type { OpenParts } from './leftOpenError';
import { relayBody, type Flow, networkError, whenAborted } from './relayBody';

/** The pending requests and open responses of a simulated network. */
export interface Exchanges {
  readonly fetch: typeof globalThis.fetch;
  /** Breaks the connections of the requests for which `which` returns `true`. */
  cut(which: (incoming: Incoming) => boolean): void;
  forget(): void;
  down(): void;
  up(): void;
  silence(): void;
  hold(method: string): void;
  release(method?: string): void;
  /** Writes an event on each open stream. Returns the number of streams. */
  inject(text: string): number;
  open(): OpenParts;
  /** Resolves when all requests that are being cancelled have ended. */
  settled(): Promise<void>;
}

interface ExchangeOptions {
  serve(request: Request): Promise<Response>;
  /** Returns the response to use instead of the server's. Returns `undefined` to pass the request to the server. */
  intercept(incoming: Incoming): Response | undefined;
  /** Resolves when the latency of the network has elapsed. */
  delay(): Promise<unknown>;
  /** Called with each request that reaches the server. */
  received(incoming: Incoming): void;
}

/** A pending request. */
interface Exchange {
  incoming: Incoming;
  break(): void;
  flow?: Flow;
}

export function createExchanges({ serve, intercept, delay, received }: ExchangeOptions): Exchanges {
  const current = new Set<Exchange>();
  const unknownSessions = new Set<string>();
  const sessions = new Set<string>();
  const subscribed = new Map<string, Set<string>>();
  const gates = new Map<string, Gate>();
  let isDown = false;
  let silenceGate: Gate | undefined;

  async function exchange(request: Request, incoming: Incoming, entry: Exchange): Promise<Response> {
    const end = (): void => {
      current.delete(entry);
    };
    const pass = async (): Promise<void> => {
      await delay();
      await silenceGate?.opened;
    };
    await pass();
    request.signal.throwIfAborted();
    const intercepted = intercept(incoming);
    if (!intercepted) received(incoming);
    const given = intercepted ?? refusalOf(incoming) ?? (await serve(request));
    trackOpenParts(incoming, given);
    await (incoming.method === undefined ? undefined : gates.get(incoming.method)?.opened);
    await pass();
    const flow = relayBody(given, pass, end);
    entry.flow = flow;
    return flow.response;
  }

  /** Records the sessions and resource subscriptions that a request has opened or ended, according to the response. */
  function trackOpenParts({ session, method, messages, verb }: Incoming, response: Response): void {
    const id = response.headers.get('mcp-session-id') ?? session;
    if (id !== null && response.ok) sessions.add(id);
    if (session !== null && response.status === 404) subscribed.delete(session);
    if (!response.ok) return;
    const params = messages[0]?.['params'];
    const uri = isObject(params) ? params['uri'] : undefined;
    const uris = subscribed.get(id ?? '') ?? new Set();
    if (method === 'resources/subscribe' && typeof uri === 'string') subscribed.set(id ?? '', uris.add(uri));
    if (method === 'resources/unsubscribe' && typeof uri === 'string') uris.delete(uri);
    if (verb === 'DELETE') subscribed.delete(id ?? '');
  }

  function refusalOf({ session, id }: Incoming): Response | undefined {
    if (session === null || !unknownSessions.has(session)) return undefined;
    const error = { code: errorCode.connectionClosed - 1, message: 'Session not found' };
    return Response.json({ jsonrpc: '2.0', id: id ?? null, error }, { status: 404 });
  }

  function cut(which: (incoming: Incoming) => boolean): void {
    for (const entry of [...current]) {
      if (!which(entry.incoming)) continue;
      current.delete(entry);
      entry.break();
    }
  }

  async function simulatedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    if (isDown) fail('ECONNREFUSED', 'connect ECONNREFUSED');
    const given = new Request(input, init);
    const body = given.body === null ? undefined : await given.text();
    given.signal.throwIfAborted();
    const incoming = readIncoming(given.method, given.headers, body);
    const connection = new AbortController();
    const { method, headers, url } = given;
    const request = new Request(url, {
      method,
      headers,
      signal: connection.signal,
      ...(body !== undefined && { body }),
    });
    const broken = createGate();
    const entry: Exchange = {
      incoming,
      break() {
        broken.open();
        entry.flow?.cut();
        connection.abort();
      },
    };
    current.add(entry);
    given.signal.addEventListener('abort', () => {
      current.delete(entry);
      connection.abort();
    });
    try {
      return await Promise.race([
        exchange(request, incoming, entry),
        whenAborted(given.signal),
        broken.opened.then(() => fail('ECONNRESET', 'other side closed')),
      ]);
    } catch (error) {
      current.delete(entry);
      throw error;
    }
  }

  function open(): OpenParts {
    const entries = [...current].map(({ incoming }) => incoming);
    const uris = [...subscribed.values()].flatMap((set) => [...set]);
    return {
      streams: entries.filter(({ isStream }) => isStream).map(({ label }) => label),
      calls: entries.filter(({ isStream, id }) => !isStream && id !== undefined).map(({ label }) => label),
      subscriptions: [...uris, ...entries.flatMap(listenedUris)],
    };
  }

  return {
    fetch: simulatedFetch,
    cut,
    forget() {
      for (const id of sessions) unknownSessions.add(id);
      sessions.clear();
      subscribed.clear();
      cut(() => true);
    },
    down() {
      isDown = true;
      cut(() => true);
    },
    up() {
      isDown = false;
      silenceGate?.open();
      silenceGate = undefined;
    },
    silence() {
      silenceGate ??= createGate();
    },
    hold(method) {
      if (!gates.has(method)) gates.set(method, createGate());
    },
    release(method) {
      for (const [name, gate] of [...gates]) {
        if (method !== undefined && name !== method) continue;
        gates.delete(name);
        gate.open();
      }
    },
    inject(text) {
      const streams = [...current].filter(({ incoming, flow }) => incoming.isStream && flow);
      for (const { flow } of streams) flow?.inject(`data: ${text}\n\n`);
      return streams.length;
    },
    open,
    async settled() {
      for (let turn = 0; turn < maxSettleTurns && isAnythingOpen(open()); turn++) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
  };
}

// Captured on import, because a test runner may replace it later.
const { setTimeout } = globalThis;

/** The maximum number of turns of the event loop to wait for cancelled requests to end. Sufficient for real sockets. */
const maxSettleTurns = 100;

/** Whether any part of a network is still open. */
export function isAnythingOpen({ streams, calls, subscriptions }: OpenParts): boolean {
  return streams.length + calls.length + subscriptions.length > 0;
}

function fail(code: string, reason: string): never {
  throw networkError(code, reason);
}

/** A promise, and the function that resolves it. */
interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

function createGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
