import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { Observable, type OperatorFunction } from 'rxjs';

/** How much of an event that does not end is kept, in characters. */
export const maxMessageLength = 64 * 1024 * 1024;

/**
 * The events in the text of an event stream, wherever that is cut; those that end in one chunk together. Each of them
 * would be on its way through a dozen operators otherwise, and that costs more than reading it.
 *
 * @param onRetry - is told the milliseconds of each `retry` field.
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
          // A source that tells all at once goes on for a while.
          if (subscriber.closed) return;
          parser.feed(chunk);
          const ended = events;
          events = [];
          if (ended.length > 0) subscriber.next(ended);
          if (tooLong) subscriber.error(new Error(`an event longer than ${String(maxMessageLength)} characters`));
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
