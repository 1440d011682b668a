import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { Observable, type OperatorFunction } from 'rxjs';

/** How much of an event that does not end is kept, in characters. */
export const maxMessageLength = 64 * 1024 * 1024;

/**
 * The events in the text of an event stream, wherever that is cut.
 *
 * @param onRetry - is told the milliseconds of each `retry` field.
 */
export function parseEvents(onRetry: (delay: number) => void): OperatorFunction<string, EventSourceMessage> {
  return (chunks$) =>
    new Observable((subscriber) => {
      const parser = createParser({
        onEvent: (event) => {
          subscriber.next(event);
        },
        onError: ({ type }) => {
          if (type === 'max-buffer-size-exceeded')
            subscriber.error(new Error(`an event longer than ${String(maxMessageLength)} characters`));
        },
        onRetry,
        maxBufferSize: maxMessageLength,
      });
      return chunks$.subscribe({
        next: (chunk) => {
          parser.feed(chunk);
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
