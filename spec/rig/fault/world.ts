import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { RequestId } from '@modelcontextprotocol/sdk/types.js';
import { once, setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type Answers, createAnswers } from './answers';
import type { FaultAnswer } from './commands';
import type { FaultEvent } from './events';
import { faultTools } from './faultTools';

/** The complete state of a fault server. */
export interface FaultWorld {
  readonly options: FaultServerOptions;
  readonly answers: Answers;
  readonly gates: Gates;
  readonly lists: Lists;
  readonly streams: Streams;
  /** The sessions by id, the newest last. */
  readonly sessions: Map<string, FaultSession>;
  readonly emit: (event: FaultEvent) => void;
}

/** Options of a fault server. They persist across restarts. */
export interface FaultServerOptions {
  /** The loopback port. Default: a free one. */
  port?: number;
  /**
   * `'none'` (default): nothing can be resumed. `'correct'`: everything can be resumed. `'example'`: the store of the SDK's
   * examples, which resumes into a stream that never delivers again. `'inclusive'`: replays the event with the requested id as
   * well.
   */
  eventStore?: 'none' | 'correct' | 'example' | 'inclusive';
  /** The `retry:` field in milliseconds, at the start of each GET stream and, with an event store, of each POST stream. */
  retryHint?: number;
  /** The interval between keep-alive comments, in milliseconds. 0 for none. Default: the SDK's 15 s. */
  keepAlive?: number;
  /** The status for requests of an unknown session. Default 404, as in the protocol. */
  forgottenStatus?: 404 | 400;
  /** The status for `notifications/initialized`. Default 202. */
  initializedStatus?: 202 | 200;
  /** The number of `custom/tick` notifications with `{ n }` that are sent on the GET stream after `notifications/initialized`. */
  greetings?: number;
  /** The response to a GET before `notifications/initialized`. */
  getBeforeInitialized?: FaultAnswer;
  /** Whether to respond to each POST with one JSON document instead of a stream. */
  jsonResponse?: boolean;
  /** The protocol version in the response to `initialize`, regardless of the requested one. */
  protocolVersion?: string;
  /** The number of items on a page of a list. Default: all. */
  pageSize?: number;
  /** The names of the listed tools. Default: the built-in ones. */
  tools?: readonly string[];
  /** The names of the listed prompts. Default: none. */
  prompts?: readonly string[];
  /** The URIs of the listed resources. Default: none. */
  resources?: readonly string[];
  /** The response to every GET from the start. */
  get?: FaultAnswer;
  /** The response to every POST from the start. */
  post?: FaultAnswer;
  /** The response to every DELETE from the start. */
  delete?: FaultAnswer;
}

/** One client's session. */
export interface FaultSession {
  /** The id. Empty until the client has initialized. */
  id: string;
  /** Whether `notifications/initialized` has arrived. */
  isInitialized: boolean;
  readonly server: McpServer['server'];
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** The URIs that the client is subscribed to. */
  readonly subscriptions: Set<string>;
}

/** Creates the initial state of a fault server. */
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

/** Gates at which requests wait. */
interface Gates {
  hold(name: string): void;
  release(name: string): void;
  /** Resolves when this name is not held. Rejects when the request is cancelled. */
  pass(name: string, signal: AbortSignal): Promise<void>;
  /** Waits for the next release, whether or not the name is held. */
  wait(name: string, signal: AbortSignal): Promise<void>;
}

/** Creates gates that emit an event for each held request. */
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

/** The server's lists, shared by all sessions. */
interface Lists {
  tools: readonly string[];
  prompts: readonly string[];
  resources: readonly string[];
  /** The texts by URI. */
  readonly texts: Map<string, string>;
  /** Returns one page, and the cursor of the next. A cursor is a position. */
  page(names: readonly string[], cursor: string | undefined): { page: readonly string[]; nextCursor?: string };
}

/** Creates the initial lists of a server. */
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

/** An open event stream. */
export interface OpenStream {
  readonly method: string;
  readonly sessionId: string;
  /** The requests whose responses are sent on the stream. */
  readonly requestIds: readonly RequestId[];
  readonly response: ServerResponse;
}

/** The open streams, and functions that end them. */
interface Streams {
  readonly open: Set<OpenStream>;
  end(matches: (stream: OpenStream) => boolean): number;
  /** Ends streams with a TCP reset. */
  reset(matches: (stream: OpenStream) => boolean): number;
}

/** Creates an empty set of streams. */
function createStreams(): Streams {
  const open = new Set<OpenStream>();
  const each = (matches: (stream: OpenStream) => boolean, act: (response: ServerResponse) => void): number => {
    const chosen = [...open].filter(matches);
    for (const { response } of chosen) act(response);
    return chosen.length;
  };
  return {
    open,
    end: (matches) => each(matches, (response) => response.end()),
    reset: (matches) => each(matches, (response) => response.socket?.resetAndDestroy()),
  };
}
