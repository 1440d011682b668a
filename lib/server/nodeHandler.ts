import { hasMethods } from '../util/options';
import type { AuthInfo } from './caller';
import { type EventSink, type EventStream, flushTimeoutMs } from './eventStream';
import { type HttpReply, methodNotAllowed, refuse } from './httpReply';
import type { HttpRequest } from './httpRequest';
import type { MCPServer } from './mcpServer';

/** The members of Node's `IncomingMessage` that a {@link NodeHandler} uses. Iterating emits the chunks of the body. */
export interface NodeRequest extends AsyncIterable<unknown> {
  /** The HTTP method. */
  readonly method?: string | undefined;
  /** The request target: a path or a complete URL. */
  readonly url?: string | undefined;
  /** The headers, with names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The authorization of the request. Set by an authorization middleware. */
  readonly auth?: AuthInfo | undefined;
}

/** The members of Node's `ServerResponse` that a {@link NodeHandler} uses. */
export interface NodeResponse {
  /** Whether the connection is closed. */
  readonly destroyed: boolean;
  /** The number of buffered bytes. */
  readonly writableLength: number;
  /** Sends the status and the headers. */
  writeHead(status: number, headers: Record<string, string>): unknown;
  /** Sends bytes. Returns `false` if the buffer is full. */
  write(chunk: Uint8Array): boolean;
  /** Ends the response. */
  end(text?: string): unknown;
  /** Closes the connection. */
  destroy(): unknown;
  /** Sets the time in milliseconds after which an idle connection is reported. 0 for no limit. */
  setTimeout(ms: number, listener?: () => void): unknown;
  /** Adds a listener that is called before the others. */
  prependListener(event: 'finish', listener: () => void): unknown;
  /** Adds a listener that is called once. */
  once(event: 'close' | 'drain' | 'finish', listener: () => void): unknown;
  /** Adds a listener. */
  on(event: 'close' | 'drain', listener: () => void): unknown;
}

/**
 * Serves a request of Node's `http` module, or of Express, Fastify or Nest. Never throws.
 *
 * @param body - the parsed body, if a body parser has already read it. A function, such as Express's `next`, is
 *   ignored. Default: the body is read from the request.
 */
export type NodeHandler = (request: NodeRequest, response: NodeResponse, body?: unknown) => void;

/**
 * Creates a request handler for Node's `http` module, and for Express, Fastify and Nest. An authorization middleware
 * passes its result as `request.auth`. Does not import Node modules.
 *
 * @param server - the server.
 * @returns the request handler.
 * @throws `ConfigError` if `server` is not an {@link MCPServer}.
 *
 * @example
 * http.createServer(toNodeHandler(server)).listen(3000, '127.0.0.1');
 */
export function toNodeHandler(server: MCPServer): NodeHandler {
  hasMethods('an MCPServer', 'fetch', 'reply')(server, 'server');
  return (incoming, outgoing, body) => {
    void serve(server, incoming, outgoing, typeof body === 'function' ? undefined : body);
  };
}

async function serve(
  server: MCPServer,
  incoming: NodeRequest,
  outgoing: NodeResponse,
  parsedBody: unknown,
): Promise<void> {
  const { auth } = incoming;
  const request = new IncomingRequest(incoming, outgoing);
  const reply = request.problem ?? (await server.reply(request, { parsedBody, ...(auth && { authInfo: auth }) }));
  write(reply, outgoing);
}

/** HTTP methods that a web-standard `Request` cannot have. */
const forbiddenMethods = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * An {@link HttpRequest} from a Node request. Creates a `Request` only when the SDK needs one, because that takes most
 * of the time of a short request.
 */
class IncomingRequest implements HttpRequest {
  readonly method: string;
  /** Not needed: the stream of the response is cancelled when the connection closes. */
  readonly streamSignal = undefined;
  readonly #incoming: NodeRequest;
  readonly #outgoing: NodeResponse;
  #signal: AbortSignal | undefined;

  constructor(incoming: NodeRequest, outgoing: NodeResponse) {
    this.method = incoming.method ?? 'GET';
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  /** The response to a request that cannot be converted to a `Request`. `undefined` if there is no problem. */
  get problem(): HttpReply | undefined {
    if (forbiddenMethods.has(this.method)) return methodNotAllowed('GET, POST, DELETE');
    const url = URL.canParse(this.#url) ? new URL(this.#url) : undefined;
    return url?.username === '' && url.password === '' ? undefined : refuse(400, 'request: invalid URL or Host');
  }

  get signal(): AbortSignal {
    if (!this.#signal) {
      const closeController = new AbortController();
      this.#signal = closeController.signal;
      if (this.#outgoing.destroyed) closeController.abort();
      else this.#outgoing.once('close', () => closeController.abort());
    }
    return this.#signal;
  }

  header(name: string): string | null {
    const value = this.#incoming.headers[name];
    return typeof value === 'string' ? value : (value?.join(', ') ?? null);
  }

  async readText(maxBytes: number): Promise<string | undefined> {
    if (Number(this.header('content-length')) > maxBytes) return undefined;
    const decoder = new TextDecoder();
    let received = 0;
    let text = '';
    for await (const chunk of this.#incoming) {
      const decoded = chunk instanceof Uint8Array ? decoder.decode(chunk, { stream: true }) : String(chunk);
      received += chunk instanceof Uint8Array ? chunk.byteLength : decoded.length;
      if (received > maxBytes) return undefined;
      text += decoded;
    }
    return text + decoder.decode();
  }

  toRequest(): Request {
    const headers = Object.keys(this.#incoming.headers).flatMap((name): [string, string][] => {
      const value = this.header(name);
      return value === null || name.startsWith(':') ? [] : [[name, value]];
    });
    return new Request(this.#url, { method: this.method, headers, signal: this.signal });
  }

  /**
   * The URL of the request. The request target is a path, or a complete URL if the client uses the server as a proxy.
   */
  get #url(): string {
    const { url = '/', headers } = this.#incoming;
    const host = headers['host'] ?? headers[':authority'] ?? 'localhost';
    return url.startsWith('/') || url === '*' ? `http://${String(host)}/${url.slice(1)}` : url;
  }
}

function write({ status, headers, body, onUndelivered }: HttpReply, outgoing: NodeResponse): void {
  if (onUndelivered) whenUndelivered(outgoing, onUndelivered);
  outgoing.writeHead(status, { ...headers, ...(status === 413 && { connection: 'close' }) });
  if (typeof body !== 'object' || body === null) end(outgoing, body ?? undefined);
  else if ('attach' in body) body.attach(new ResponseSink(body, outgoing));
  else void copy(body.getReader(), outgoing);
}

/** Ends a response. Closes its connection if the client does not read the rest. */
function end(outgoing: NodeResponse, text?: string): void {
  outgoing.end(text);
  if (outgoing.writableLength === 0) return;
  outgoing.setTimeout(flushTimeoutMs, () => outgoing.destroy());
  // Node's own listener detaches the response from the connection, which may serve more requests.
  outgoing.prependListener('finish', () => outgoing.setTimeout(0));
}

/** Calls `onUndelivered` if the connection closes before the whole response was handed to the operating system. */
function whenUndelivered(outgoing: NodeResponse, onUndelivered: () => void): void {
  if (outgoing.destroyed) {
    onUndelivered();
    return;
  }
  let isSent = false;
  outgoing.once('finish', () => (isSent = true));
  outgoing.once('close', () => {
    if (!isSent) onUndelivered();
  });
}

/** The sink for an {@link EventStream} that writes to a Node response. */
class ResponseSink implements EventSink {
  readonly #outgoing: NodeResponse;
  readonly #maxBytes: number;

  constructor(stream: EventStream, outgoing: NodeResponse) {
    this.#outgoing = outgoing;
    this.#maxBytes = stream.highWaterMark;
    outgoing.on('drain', () => stream.onRoom());
    outgoing.once('close', () => stream.cancel());
    if (outgoing.destroyed) stream.cancel();
  }

  hasRoom(): boolean {
    return this.#outgoing.writableLength < this.#maxBytes;
  }

  write(bytes: Uint8Array): void {
    this.#outgoing.write(bytes);
  }

  close(): void {
    end(this.#outgoing);
  }
}

/**
 * Copies a body of the SDK to a Node response, as fast as the client reads it. Closes the connection if the body errors,
 * even while the client does not read.
 */
async function copy(reader: ReadableStreamDefaultReader<Uint8Array>, outgoing: NodeResponse): Promise<void> {
  let resume = (): void => undefined;
  let drained = (): Promise<void> => new Promise((resolve) => (resume = resolve));
  const onRead = (): void => {
    drained = () => Promise.resolve();
    resume();
  };
  // Also called when the reader is cancelled.
  reader.closed.then(onRead, () => outgoing.destroy());
  const onClose = (): void => void reader.cancel().catch(() => undefined);
  outgoing.on('drain', () => resume());
  outgoing.once('close', onClose);
  if (outgoing.destroyed) onClose();
  try {
    for (let next = await reader.read(); !next.done && !outgoing.destroyed; next = await reader.read()) {
      if (!outgoing.write(next.value)) await drained();
    }
  } catch {
    // The body has failed, and the connection closes.
  }
  end(outgoing);
}
