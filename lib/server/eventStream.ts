import type { KeepAlive } from './keepAlive';

/** Callbacks of a stream to the part of the server that writes to it. */
export interface StreamOwner {
  /** Called when more can be written. */
  onRoom(): void;
  /** Called once, when the client or the server has ended the stream. */
  onClosed(): void;
}

/** Options for {@link EventStream}. */
export interface EventStreamOptions {
  /** The number of bytes waiting for the client at which {@link EventStream.hasRoom} becomes `false`. */
  highWaterMark: number;
  /** Writes a comment when one is due. */
  keepAlive: KeepAlive;
  /** Aborts when the client leaves. Some adapters cancel the body only at its next chunk. */
  signal: AbortSignal | undefined;
  owner: StreamOwner;
}

/** The maximum number of bytes that wait in the stream of a response. The rest waits in its log. */
export const maxWaitingBytes = 65_536;

const encoder = new TextEncoder();

/** The size of a chunk: the stream counts bytes. */
const size = ({ byteLength }: Uint8Array): number => byteLength;

/** The platform's part of a stream. */
export interface EventSink {
  hasRoom(): boolean;
  write(bytes: Uint8Array): void;
  close(): void;
}

/**
 * A response body of server-sent events, written as fast as the client reads it. Events that are written before the platform has
 * attached its sink wait for it. A class that is its own event listener, to save memory: a server has one stream per listening client,
 * and methods, unlike closures, are shared by all streams.
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

  /** Starts the keep-alive comments and the detection of a disconnected client. Called once the owner is constructed. */
  open(): void {
    const { keepAlive, signal } = this.#options;
    if (!this.#isOpen) return;
    keepAlive.add(this);
    signal?.addEventListener('abort', this);
    if (signal?.aborted) this.close();
  }

  /** Sets the sink, and writes the events that wait for it. */
  attach(sink: EventSink): void {
    this.#sink = sink;
    for (const bytes of this.#waiting ?? []) sink.write(bytes);
    this.#waiting = undefined;
    if (this.#isOpen) this.onRoom();
    else sink.close();
  }

  /** Returns the stream for a `Response`. */
  toReadable(): ReadableStream<Uint8Array> {
    return new ReadableStream(new WebSink(this), { highWaterMark: this.highWaterMark, size });
  }

  /** Continues writing. Called by the sink when it has room. */
  onRoom(): void {
    if (this.#isOpen) this.#options.owner.onRoom();
  }

  /** Ends the stream from the side of the client. Idempotent. */
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

  /** Whether more can be written, because the client reads fast enough. */
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

  /** Ends the stream. Idempotent. */
  close(): void {
    if (!this.#isOpen) return;
    this.cancel();
    this.#sink?.close();
  }
}

/** The source of a web stream. */
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

/** The headers of a response with events. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Returns the text of an event. */
export function eventOf(id: string | undefined, data: string): string {
  return id === undefined ? `data: ${data}\n\n` : `id: ${id}\ndata: ${data}\n\n`;
}
