import { createParser, type EventSourceMessage, type EventSourceParser } from 'eventsource-parser';

/** The maximum size of an event, in characters. */
export const maxMessageLength = 64 * 1024 * 1024;

/** Parses the text of an event stream, in chunks of any size. */
export class EventParser {
  readonly #parser: EventSourceParser;
  #events: EventSourceMessage[] | undefined;
  #isTooLong = false;

  /** @param onRetry - called with each `retry` field, in milliseconds. */
  constructor(onRetry: (delay: number) => void) {
    this.#parser = createParser({
      onEvent: (event) => {
        if (this.#events) this.#events.push(event);
        else this.#events = [event];
      },
      onError: ({ type }) => {
        this.#isTooLong ||= type === 'max-buffer-size-exceeded';
      },
      onRetry,
      maxBufferSize: maxMessageLength,
    });
  }

  /** Whether the current event exceeds `maxMessageLength`. The stream cannot be read further. */
  get isTooLong(): boolean {
    return this.#isTooLong;
  }

  /** Returns the events that end in a chunk, or `undefined` if there are none. */
  feed(chunk: string): EventSourceMessage[] | undefined {
    this.#parser.feed(chunk);
    const events = this.#events;
    this.#events = undefined;
    return events;
  }
}
