import type { KeepAlive } from './keepAlive';

/** Callbacks from an {@link EventStream} to the writer of its events. */
export interface StreamOwner {
  /** Called when the stream has room for more events. */
  onRoom(): void;
  /** Called once, when the client or the server has closed the stream. */
  onClosed(): void;
}

export interface EventStreamOptions {
  /** The number of buffered bytes from which {@link EventStream.hasRoom} returns `false`. */
  highWaterMark: number;
  /** Sends comments while the stream is open. */
  keepAlive: KeepAlive;
  /**
   * Aborts when the client disconnects. Needed because some adapters cancel the response body only at its next chunk.
   */
  signal: AbortSignal | undefined;
  owner: StreamOwner;
}

/** The maximum number of bytes to buffer in the stream of a response. Further messages stay in its log. */
export const maxWaitingBytes = 65_536;

/**
 * The time after which a response that the server has ended is discarded if its client does not continue to read, in
 * milliseconds.
 */
export const flushTimeoutMs = 5_000;

const encoder = new TextEncoder();

/** Makes the stream measure its queue in bytes. */
const size = ({ byteLength }: Uint8Array): number => byteLength;

/** The platform-specific destination of an {@link EventStream}. */
export interface EventSink {
  hasRoom(): boolean;
  write(bytes: Uint8Array): void;
  close(): void;
}

/**
 * A response body of server-sent events, written as fast as the client reads it. Events are buffered until the platform
 * has attached its sink.
 *
 * A class that is its own event listener, to save memory: a server has one stream per listening client, each of which
 * would need closures.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  #isOpen = true;
  #sink: EventSink | undefined;
  #waiting: Uint8Array[] | undefined = [];
  #waitingBytes = 0;

  constructor(options: EventStreamOptions) {
    this.#options = options;
  }

  get highWaterMark(): number {
    return this.#options.highWaterMark;
  }

  /**
   * Starts the keep-alive comments and the detection of disconnected clients. Called when the owner can receive
   * callbacks.
   */
  open(): void {
    const { keepAlive, signal } = this.#options;
    if (!this.#isOpen) return;
    keepAlive.add(this);
    signal?.addEventListener('abort', this);
    if (signal?.aborted) this.close();
  }

  /** Sets the sink, and writes the buffered events. */
  attach(sink: EventSink): void {
    this.#sink = sink;
    for (const bytes of this.#waiting ?? []) sink.write(bytes);
    this.#waiting = undefined;
    if (this.#isOpen) this.onRoom();
    else sink.close();
  }

  /** Returns the events as the body of a `Response`. */
  toReadable(): ReadableStream<Uint8Array> {
    return new ReadableStream(new WebSink(this), { highWaterMark: this.highWaterMark, size });
  }

  /** Continues writing. Called by the sink when it can accept more bytes. */
  onRoom(): void {
    if (this.#isOpen) this.#options.owner.onRoom();
  }

  /** Closes the stream because the client has disconnected. Idempotent. */
  cancel(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { keepAlive, signal, owner } = this.#options;
    keepAlive.delete(this);
    signal?.removeEventListener('abort', this);
    owner.onClosed();
  }

  handleEvent(): void {
    this.close();
  }

  /** Whether more events can be written without exceeding the limit for buffered bytes. */
  hasRoom(): boolean {
    if (!this.#isOpen) return false;
    return this.#sink ? this.#sink.hasRoom() : this.#waitingBytes < this.highWaterMark;
  }

  write(text: string): void {
    this.writeBytes(encoder.encode(text));
  }

  writeBytes(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    if (this.#sink) {
      this.#sink.write(bytes);
      return;
    }
    this.#waiting?.push(bytes);
    this.#waitingBytes += bytes.byteLength;
  }

  /** Closes the stream. Idempotent. */
  close(): void {
    if (!this.#isOpen) return;
    this.cancel();
    this.#sink?.close();
  }
}

/** A sink that is the source of a web `ReadableStream`. */
class WebSink implements EventSink, UnderlyingDefaultSource<Uint8Array> {
  readonly #stream: EventStream;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
    this.#stream.attach(this);
  }

  pull(): void {
    this.#stream.onRoom();
  }

  cancel(): void {
    this.#controller = undefined;
    this.#stream.cancel();
  }

  hasRoom(): boolean {
    return (this.#controller?.desiredSize ?? 0) > 0;
  }

  write(bytes: Uint8Array): void {
    this.#controller?.enqueue(bytes);
  }

  close(): void {
    this.#controller?.close();
    this.#controller = undefined;
  }
}

/** The headers of a response with server-sent events. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Returns the text of a server-sent event. */
export function eventOf(id: string | undefined, data: string): string {
  return id === undefined ? `data: ${data}\n\n` : `id: ${id}\ndata: ${data}\n\n`;
}
