import type { Observable } from 'rxjs';

/** A response body of server-sent events, which is written as fast as the client reads it. */
export interface EventStream {
  readonly readable: ReadableStream<Uint8Array>;
  /** Whether more can be written: the client keeps up. */
  hasRoom(): boolean;
  write(text: string): void;
  /** Ends the stream. Idempotent. */
  close(): void;
}

/** Options for {@link createEventStream}. */
export interface EventStreamOptions {
  /** The number of bytes waiting for the client at which {@link EventStream.hasRoom} becomes `false`. */
  highWaterMark: number;
  /** Emits when a keep-alive comment is due. */
  keepAlive$: Observable<unknown>;
  /** Aborts when the client leaves. Some adapters cancel the body only at its next chunk. */
  signal: AbortSignal | undefined;
  /** Called when there is room again. */
  onRoom: () => void;
  /** Called once, when either side has ended the stream. */
  onClosed: () => void;
}

const encoder = new TextEncoder();

/** Creates a response body of server-sent events. */
export function createEventStream(options: EventStreamOptions): EventStream {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  function end(): void {
    if (!controller) return;
    controller = undefined;
    keepAlive.unsubscribe();
    options.signal?.removeEventListener('abort', close);
    options.onClosed();
  }

  function close(): void {
    const open = controller;
    end();
    open?.close();
  }

  const stream: EventStream = {
    readable: new ReadableStream<Uint8Array>(
      {
        start: (started) => {
          controller = started;
        },
        pull: () => options.onRoom(),
        cancel: end,
      },
      { highWaterMark: options.highWaterMark, size: ({ byteLength }) => byteLength },
    ),
    hasRoom: () => (controller?.desiredSize ?? 0) > 0,
    write: (text) => controller?.enqueue(encoder.encode(text)),
    close,
  };
  const keepAlive = options.keepAlive$.subscribe(() => {
    if (stream.hasRoom()) stream.write(': keep-alive\n\n');
  });
  if (options.signal?.aborted) close();
  else options.signal?.addEventListener('abort', close, { once: true });
  return stream;
}

/** The headers of an event stream response. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Formats an event. */
export function eventOf(id: string | undefined, data: string): string {
  return id === undefined ? `data: ${data}\n\n` : `id: ${id}\ndata: ${data}\n\n`;
}
