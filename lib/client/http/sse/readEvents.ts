import type { EventSourceMessage } from 'eventsource-parser';
import { noop, Observable, type SchedulerLike } from 'rxjs';
import { ConnectionLostError } from '../../../errors';
import type { Watchdog } from '../../connection/connector';
import { EventParser, maxMessageLength } from './eventParser';
import { readChunks } from './readChunks';
import { type StreamHealth, StreamWatchdog } from './streamWatchdog';

/** The last `retry` field of a server: the delay before reconnecting, in milliseconds. */
export interface RetryHint {
  delay?: number;
}

/** The limit for the silence of a stream, and the health of the server's streams. */
export interface Watch {
  limit: Watchdog;
  health: StreamHealth;
}

/** Options for {@link readEvents}. */
export interface EventsOptions {
  /** Updated with each `retry` field. */
  hint: RetryHint;
  scheduler: SchedulerLike;
  /** Errors when the stream is silent for too long. Default: no limit. */
  watch?: Watch | undefined;
  /** Whether all expected messages have arrived, so that the server may end the stream. Default: never. */
  isOver?: () => boolean;
}

/**
 * Emits the events of an open event stream, one array per chunk. Completes if the stream ends while `isOver` returns `true`. Any
 * other end errors with a `ConnectionLostError` that has the uptime and the delay that the server requested. Unsubscribing
 * cancels the body, and with it the request.
 *
 * Reads, watches and parses in one Observable: each further one would be another 700 bytes per open stream.
 */
export function readEvents(
  body: ReadableStream<Uint8Array>,
  { hint, scheduler, watch, isOver }: EventsOptions,
): Observable<EventSourceMessage[]> {
  return new Observable((subscriber) => {
    const openedAt = scheduler.now();
    const reader = body.getReader();
    const watchdog = watch && new StreamWatchdog(watch.limit, watch.health, scheduler, fail);
    const parser = new EventParser((delay) => {
      hint.delay = delay;
    });

    function fail(cause: unknown): void {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const uptime = scheduler.now() - openedAt;
      subscriber.error(new ConnectionLostError(`event stream: ${reason}`, { cause, uptime, retryAfter: hint.delay }));
    }

    function take(chunk: string): void {
      if (subscriber.closed) return;
      watchdog?.onChunk(chunk);
      const events = parser.feed(chunk);
      if (events) subscriber.next(events);
      if (parser.isTooLong) fail(new Error(`event exceeds ${String(maxMessageLength)} characters`));
    }

    readChunks(reader, take).then(() => {
      const last = subscriber.closed ? undefined : parser.end();
      if (last?.length) subscriber.next(last);
      if (isOver?.()) subscriber.complete();
      else fail(new Error('ended by the server'));
    }, fail);
    return () => {
      watchdog?.stop();
      reader.cancel().catch(noop);
    };
  });
}

/** Ids that are valid in a header and short enough for every server: the smallest common limit for all headers is 8 KiB. */
const sendableId = /^[\t\x20-\x7e\x80-\xff]{1,4096}$/;

/**
 * Returns the `Last-Event-ID` to resume with after these events: the last id among them, otherwise `previous`. Returns
 * `undefined` if that id cannot be sent in a header, because every attempt to resume would fail.
 */
export function lastEventIdOf(events: readonly EventSourceMessage[], previous: string | undefined): string | undefined {
  let last = '';
  for (const { id } of events) if (id) last = id;
  if (!last) return previous;
  return sendableId.test(last) ? last : undefined;
}
