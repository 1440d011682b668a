import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { Observable, type OperatorFunction } from 'rxjs';

/** The maximum size of an event, in characters. */
export const maxMessageLength = 64 * 1024 * 1024;

/**
 * Parses the text of an event stream, in chunks of any size. Emits the events that end in a chunk as one array: passing each
 * event through a dozen operators would cost more than parsing it.
 *
 * @param onRetry - called with each `retry` field, in milliseconds.
 */
export function parseEvents(onRetry: (delay: number) => void): OperatorFunction<string, EventSourceMessage[]> {
  return (chunks$) =>
    new Observable((subscriber) => {
      let events: EventSourceMessage[] = [];
      let tooLong = false;
      const parser = createParser({
        onEvent: (event) => {
          events.push(event);
        },
        onError: ({ type }) => {
          tooLong ||= type === 'max-buffer-size-exceeded';
        },
        onRetry,
        maxBufferSize: maxMessageLength,
      });
      return chunks$.subscribe({
        next: (chunk) => {
          // A synchronous source continues after this subscriber has errored.
          if (subscriber.closed) return;
          parser.feed(chunk);
          const ended = events;
          events = [];
          if (ended.length > 0) subscriber.next(ended);
          if (tooLong) subscriber.error(new Error(`event exceeds ${String(maxMessageLength)} characters`));
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      });
    });
}
