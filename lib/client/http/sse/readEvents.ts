import type { EventSourceMessage } from 'eventsource-parser';
import { noop, Observable, type SchedulerLike } from 'rxjs';
import { ConnectionLostError } from '../../../errors';
import type { Watchdog } from '../../connection/connector';
import { EventParser } from './eventParser';
import { readChunks } from './readChunks';
import { type StreamHealth, StreamWatchdog } from './streamWatchdog';

/** The delay before reconnecting that the server last requested with a `retry` field, in milliseconds. */
export interface RetryHint {
  delay?: number;
}

/** The silence after which a stream is considered dead, and the observed health of the server's streams. */
export interface Watch {
  limit: Watchdog;
  health: StreamHealth;
}

export interface EventsOptions {
  /** Updated by each `retry` field. */
  hint: RetryHint;
  scheduler: SchedulerLike;
  /** The limit for silence. When it is exceeded, the stream errors. Default: no limit. */
  watch?: Watch | undefined;
  /** Returns whether all expected messages have arrived, so that the server may end the stream. Default: never. */
  mayEnd?: () => boolean;
}

/**
 * Emits the events of an open event stream, in one array per chunk. Completes if the stream ends and `isOver` returns
 * `true`. Otherwise, errors when the stream ends with a `ConnectionLostError`, which contains the uptime and the delay
 * that the server requested. Unsubscribing cancels the body, which aborts the request.
 *
 * Reads, watches and parses in one Observable, because each additional one would take 700 bytes per open stream.
 */
export function readEvents(
  body: ReadableStream<Uint8Array>,
  { hint, scheduler, watch, mayEnd }: EventsOptions,
): Observable<EventSourceMessage[]> {
  return new Observable((subscriber) => {
    const openedAt = scheduler.now();
    const reader = body.getReader();
    const watchdog = watch && new StreamWatchdog(watch.limit, watch.health, scheduler, fail);
    const parser = new EventParser((delay) => {
      hint.delay = delay;
    }, fail);

    function fail(cause: unknown): void {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const uptime = scheduler.now() - openedAt;
      subscriber.error(new ConnectionLostError(`event stream: ${reason}`, { cause, uptime, retryAfter: hint.delay }));
    }

    function take(chunk: string): void {
      if (subscriber.closed) return;
      watchdog?.onChunk(chunk);
      const events = parser.feed(chunk);
      if (events.length > 0) subscriber.next(events);
    }

    readChunks(reader, take).then(() => {
      const last = subscriber.closed ? [] : parser.end();
      if (last.length > 0) subscriber.next(last);
      if (mayEnd?.()) subscriber.complete();
      else fail(new Error('ended by the server'));
    }, fail);
    return () => {
      watchdog?.stop();
      reader.cancel().catch(noop);
    };
  });
}

/**
 * Matches ids that are valid in a header, and short enough for common servers, whose limit for all headers is at least
 * 8 KiB.
 */
const sendableId = /^[\t\x20-\x7e\x80-\xff]{1,4096}$/;

/**
 * Returns the `Last-Event-ID` to resume with after these events: the last id among them, or else `previous`. Returns
 * `undefined` if the id cannot be sent in a header, because attempts to resume would fail.
 */
export function lastEventIdOf(events: readonly EventSourceMessage[], previous: string | undefined): string | undefined {
  let last = '';
  for (const { id } of events) if (id) last = id;
  if (!last) return previous;
  return sendableId.test(last) ? last : undefined;
}
