import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { RequestId } from '@modelcontextprotocol/sdk/types.js';
import { once, setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type Answers, createAnswers } from './answers';
import type { FaultAnswer } from './commands';
import type { FaultEvent } from './events';
import { faultTools } from './faultTools';

/** All that a fault server knows, in one place. */
export interface FaultWorld {
  readonly options: FaultServerOptions;
  readonly answers: Answers;
  readonly gates: Gates;
  readonly lists: Lists;
  readonly streams: Streams;
  /** By id, the newest last. */
  readonly sessions: Map<string, FaultSession>;
  readonly emit: (event: FaultEvent) => void;
}

/** What a fault server is started with; all of it holds for a restarted one too. */
export interface FaultServerOptions {
  /** The loopback port; any free one by default. */
  port?: number;
  /**
   * `none`, the default: nothing can be resumed. `correct`: everything can. `example`: the store of the SDK's examples,
   * which resumes into a stream that never delivers again. `inclusive`: replays the event that the client named, too.
   */
  eventStore?: 'none' | 'correct' | 'example' | 'inclusive';
  /** Milliseconds told to clients as `retry:`, at the start of each GET stream and, with an event store, of each POST stream. */
  retryHint?: number;
  /** Milliseconds between two keep-alive comments; the SDK's 15 s by default, 0 for none. */
  keepAlive?: number;
  /** What a request of an unknown session gets; 404, as the protocol has it, by default. */
  forgottenStatus?: 404 | 400;
  /** What `notifications/initialized` gets; 202 by default. */
  initializedStatus?: 202 | 200;
  /** How many `custom/tick` with `{ n }` are sent on the GET stream as soon as `notifications/initialized` has come. */
  greetings?: number;
  /** Answers a GET in this way until `notifications/initialized` has come. */
  getBeforeInitialized?: FaultAnswer;
  /** Answers each POST with one JSON document, never with a stream. */
  jsonResponse?: boolean;
  /** The protocol version to answer `initialize` with, whatever the client asked for. */
  protocolVersion?: string;
  /** How many items a page of a list has; all by default. */
  pageSize?: number;
  /** The names of the listed tools; the built-in ones by default. */
  tools?: readonly string[];
  /** The names of the listed prompts; none by default. */
  prompts?: readonly string[];
  /** The URIs of the listed resources; none by default. */
  resources?: readonly string[];
  /** Answers every GET in this way from the start. */
  get?: FaultAnswer;
  /** Answers every POST in this way from the start. */
  post?: FaultAnswer;
  /** Answers every DELETE in this way from the start. */
  delete?: FaultAnswer;
}

/** One client's session. */
export interface FaultSession {
  /** Empty until the client has initialized. */
  id: string;
  /** Whether `notifications/initialized` has come. */
  isInitialized: boolean;
  readonly server: McpServer['server'];
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** The URIs that the client is subscribed to. */
  readonly subscriptions: Set<string>;
}

/** A fault server at its start. */
export function createWorld(options: FaultServerOptions, emit: (event: FaultEvent) => void): FaultWorld {
  return {
    options,
    answers: createAnswers({ GET: options.get, POST: options.post, DELETE: options.delete }),
    gates: createGates(emit),
    lists: createLists(options, Object.keys(faultTools)),
    streams: createStreams(),
    sessions: new Map(),
    emit,
  };
}

/** Places where requests wait to be let through. */
interface Gates {
  hold(name: string): void;
  release(name: string): void;
  /** Resolves when nothing holds this name, or rejects when the request is given up. */
  pass(name: string, signal: AbortSignal): Promise<void>;
  /** Waits for the next release, whether the name is held or not. */
  wait(name: string, signal: AbortSignal): Promise<void>;
}

/** Gates that tell as an event whom they hold. */
function createGates(emit: (event: FaultEvent) => void): Gates {
  const held = new Set<string>();
  const released = new EventTarget();
  setMaxListeners(0, released);

  async function wait(name: string, signal: AbortSignal): Promise<void> {
    const release = once(released, name, { signal });
    emit({ type: 'held', name });
    await release;
  }
  return {
    hold: (name) => void held.add(name),
    release: (name) => {
      held.delete(name);
      released.dispatchEvent(new Event(name));
    },
    pass: async (name, signal) => {
      if (held.has(name)) await wait(name, signal);
    },
    wait,
  };
}

/** What the server lists, the same for all sessions. */
interface Lists {
  tools: readonly string[];
  prompts: readonly string[];
  resources: readonly string[];
  /** By URI. */
  readonly texts: Map<string, string>;
  /** One page, and the cursor of the next. A cursor is a position. */
  page(names: readonly string[], cursor: string | undefined): { page: readonly string[]; nextCursor?: string };
}

/** The lists that a server starts with. */
function createLists(
  { tools, prompts = [], resources = [], pageSize = Infinity }: FaultServerOptions,
  builtIn: readonly string[],
): Lists {
  return {
    tools: tools ?? builtIn,
    prompts,
    resources,
    texts: new Map(),
    page: (names, cursor) => {
      const start = Number(cursor ?? 0);
      const end = start + pageSize;
      const page = names.slice(start, end);
      return end < names.length ? { page, nextCursor: String(end) } : { page };
    },
  };
}

/** An event stream that is open now. */
export interface OpenStream {
  readonly method: string;
  readonly sessionId: string;
  /** The requests that are answered on it. */
  readonly requestIds: readonly RequestId[];
  readonly response: ServerResponse;
}

/** The open streams, and the ways to end them. */
interface Streams {
  readonly open: Set<OpenStream>;
  end(which: (stream: OpenStream) => boolean): number;
  /** Ends with a TCP reset. */
  reset(which: (stream: OpenStream) => boolean): number;
}

/** No streams yet. */
function createStreams(): Streams {
  const open = new Set<OpenStream>();
  const each = (which: (stream: OpenStream) => boolean, act: (response: ServerResponse) => void): number => {
    const chosen = [...open].filter(which);
    for (const { response } of chosen) act(response);
    return chosen.length;
  };
  return {
    open,
    end: (which) => each(which, (response) => response.end()),
    reset: (which) => each(which, (response) => response.socket?.resetAndDestroy()),
  };
}
