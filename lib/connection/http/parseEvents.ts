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
      let unfinished = 0;
      const parser = createParser({
        onEvent: (event) => {
          unfinished = 0;
          subscriber.next(event);
        },
        onComment: () => {
          unfinished = 0;
        },
        onRetry,
      });
      return chunks$.subscribe({
        next: (chunk) => {
          unfinished += chunk.length;
          parser.feed(chunk);
          if (unfinished > maxMessageLength)
            subscriber.error(new Error(`an event longer than ${String(maxMessageLength)} characters`));
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
