import type { AuthInfo } from './caller';
import type { FetchOptions } from './httpEndpoint';
import { bodyTooLarge, maxBodyBytes, methodNotAllowed, refuse } from './httpResponses';
import type { MCPServer } from './mcpServer';

/** The members of Node's `IncomingMessage` that a {@link NodeHandler} uses. */
export interface NodeRequest extends AsyncIterable<unknown> {
  /** The HTTP method. */
  readonly method?: string | undefined;
  /** The path and the query. */
  readonly url?: string | undefined;
  /** The headers, with lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The authorization of the request, set by a middleware. */
  readonly auth?: AuthInfo | undefined;
}

/** The members of Node's `ServerResponse` that a {@link NodeHandler} uses. */
export interface NodeResponse {
  /** Whether the connection is closed. */
  readonly destroyed: boolean;
  /** Whether the status and the headers have been sent. */
  readonly headersSent: boolean;
  /** Sends the status and the headers. */
  writeHead(status: number, headers: Record<string, string>): unknown;
  /** Sends a part of the body. Returns `false` if the caller must wait for `'drain'`. */
  write(chunk: Uint8Array): boolean;
  /** Ends the response. */
  end(): unknown;
  /** Adds a listener for the next event. */
  once(event: 'close' | 'drain', listener: () => void): unknown;
  /** Removes a listener. */
  removeListener(event: 'close' | 'drain', listener: () => void): unknown;
}

/**
 * Serves a request of Node's `http` module. Never throws.
 *
 * @param body - the parsed body, if a body parser has already read it. A function, such as Express's `next`, is ignored.
 */
export type NodeHandler = (request: NodeRequest, response: NodeResponse, body?: unknown) => void;

/**
 * Creates a handler for Node's `http` module, and for Express, Fastify and Nest. Uses no module of Node. An authorization
 * middleware passes its result as `request.auth`.
 *
 * @example
 * http.createServer(toNodeHandler(server)).listen(3000, '127.0.0.1');
 */
export function toNodeHandler(server: Pick<MCPServer, 'fetch'>): NodeHandler {
  return (incoming, outgoing, body) => {
    void serve(server, incoming, outgoing, typeof body === 'function' ? undefined : body);
  };
}

/** Serves a request. The variables of the request end before the response, because a response can stay open for hours. */
async function serve(
  server: Pick<MCPServer, 'fetch'>,
  incoming: NodeRequest,
  outgoing: NodeResponse,
  body: unknown,
): Promise<void> {
  // The end of the stream detects a client that leaves during a GET.
  const leaving = incoming.method === 'GET' ? undefined : new AbortController();
  const leave = leaving && ((): void => leaving.abort());
  if (leave) outgoing.once('close', leave);
  try {
    const request = await toRequest(incoming, body, leaving?.signal);
    const { status, headers, body: stream } = request instanceof Response ? request : await server.fetch(...request);
    outgoing.writeHead(status, Object.fromEntries(headers));
    if (stream) new Writer(stream.getReader(), outgoing, leave).pump();
    else outgoing.end();
  } catch {
    // The client has left, or a `fetch` of a different server has rejected.
    if (!outgoing.headersSent) outgoing.writeHead(500, {});
    outgoing.end();
  }
}

/** Methods that a `Request` cannot have. */
const forbiddenMethods = new Set(['CONNECT', 'TRACE', 'TRACK']);

/** Returns the arguments of `fetch`, or the response to a request that is not a valid `Request`. Rejects if the client leaves. */
async function toRequest(
  incoming: NodeRequest,
  given: unknown,
  signal: AbortSignal | undefined,
): Promise<Response | [Request, FetchOptions]> {
  const { method = 'GET', auth } = incoming;
  if (forbiddenMethods.has(method)) return methodNotAllowed('GET, POST, DELETE');
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const text = hasBody && given === undefined ? await readText(incoming) : undefined;
  if (text === tooLarge) return bodyTooLarge({ connection: 'close' });
  const parsed = text === undefined ? given : parse(text);
  try {
    const request = new Request(urlOf(incoming), {
      method,
      headers: headersOf(incoming),
      ...(signal && { signal }),
      // A body that is not JSON. The server responds with the error.
      ...(parsed === undefined && text && { body: text }),
    });
    return [request, { parsedBody: parsed, ...(auth && { authInfo: auth }) }];
  } catch {
    return refuse(400, 'request: invalid URL, Host or header');
  }
}

/** Returns the URL of a request. Its target is a path, or a URL if the client considers the server a proxy. */
function urlOf({ url = '/', headers }: NodeRequest): string {
  const host = headers['host'] ?? headers[':authority'] ?? 'localhost';
  return url.startsWith('/') || url === '*' ? `http://${String(host)}/${url.slice(1)}` : url;
}

function headersOf({ headers }: NodeRequest): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':')) continue;
    if (typeof value === 'string') result.set(name, value);
    else for (const item of value) result.append(name, item);
  }
  return result;
}

const tooLarge = Symbol('too large');

async function readText(incoming: NodeRequest): Promise<string | typeof tooLarge> {
  if (Number(incoming.headers['content-length']) > maxBodyBytes) return tooLarge;
  const decoder = new TextDecoder();
  let received = 0;
  let text = '';
  for await (const chunk of incoming) {
    const decoded = chunk instanceof Uint8Array ? decoder.decode(chunk, { stream: true }) : String(chunk);
    received += chunk instanceof Uint8Array ? chunk.byteLength : decoded.length;
    if (received > maxBodyBytes) return tooLarge;
    text += decoded;
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes a response as fast as the client reads it. A class without a promise that stays pending, to save memory. */
class Writer {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #outgoing: NodeResponse;
  readonly #leave: (() => void) | undefined;

  constructor(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    outgoing: NodeResponse,
    leave: (() => void) | undefined,
  ) {
    this.#reader = reader;
    this.#outgoing = outgoing;
    this.#leave = leave;
    if (outgoing.destroyed) this.#onClose();
    else outgoing.once('close', this.#onClose);
  }

  readonly pump = (): void => {
    this.#reader.read().then(this.#onRead, this.#end);
  };

  readonly #onRead = ({ done, value }: ReadableStreamReadResult<Uint8Array>): void => {
    if (done || this.#outgoing.destroyed) this.#end();
    else if (this.#outgoing.write(value)) this.pump();
    else this.#outgoing.once('drain', this.pump);
  };

  readonly #end = (): void => {
    if (this.#leave) this.#outgoing.removeListener('close', this.#leave);
    this.#outgoing.end();
  };

  readonly #onClose = (): void => {
    this.#reader.cancel().catch(() => undefined);
  };
}
