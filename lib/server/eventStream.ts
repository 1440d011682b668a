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

/**
 * A response body of server-sent events, written as fast as the client reads it. A class that is its own source and listener,
 * because a server has one stream per listening client, and methods need no memory per stream.
 */
export class EventStream implements UnderlyingDefaultSource<Uint8Array>, EventListenerObject {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #options: EventStreamOptions;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.readable = new ReadableStream<Uint8Array>(this, { highWaterMark: options.highWaterMark, size });
  }

  /** Starts to write keep-alive comments and to detect a disconnected client. Called when the owner is complete. */
  open(): void {
    const { keepAlive, signal } = this.#options;
    if (!this.#controller) return;
    keepAlive.add(this);
    signal?.addEventListener('abort', this);
    if (signal?.aborted) this.close();
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
  }

  pull(): void {
    this.#options.owner.onRoom();
  }

  cancel(): void {
    if (!this.#controller) return;
    this.#controller = undefined;
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
    return (this.#controller?.desiredSize ?? 0) > 0;
  }

  write(text: string): void {
    this.writeBytes(encoder.encode(text));
  }

  writeBytes(bytes: Uint8Array): void {
    this.#controller?.enqueue(bytes);
  }

  /** Ends the stream. Idempotent. */
  close(): void {
    const controller = this.#controller;
    this.cancel();
    controller?.close();
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
