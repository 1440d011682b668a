import { createParser, type EventSourceMessage, type EventSourceParser } from 'eventsource-parser';

/** The maximum size of an event, in characters. */
export const maxMessageLength = 64 * 1024 * 1024;

/**
 * Parses the text of an event stream, in chunks of any size. Also accepts bare JSON messages, which some servers send
 * without `data:`.
 */
export class EventParser {
  readonly #parser: EventSourceParser;
  #events: EventSourceMessage[] | undefined;
  /** The lines so far of a bare JSON message that spans several lines. */
  #bareLines: string[] | undefined;
  #bareLength = 0;
  #endsInCr = false;
  #isTooLong = false;

  /** @param onRetry - called with each `retry` field, in milliseconds. */
  constructor(onRetry: (delay: number) => void) {
    this.#parser = createParser({
      onEvent: (event) => {
        this.#emit(event);
      },
      onError: ({ type, line }) => {
        this.#isTooLong ||= type === 'max-buffer-size-exceeded';
        if (type === 'unknown-field' && line) this.#takeBareLine(line);
      },
      onRetry,
      maxBufferSize: maxMessageLength,
    });
  }

  /** Whether the current event exceeds {@link maxMessageLength}. If so, the stream must be closed. */
  get isTooLong(): boolean {
    return this.#isTooLong;
  }

  /** Parses a chunk, and returns the events that end in it, or `undefined` if there are none. */
  feed(chunk: string): EventSourceMessage[] | undefined {
    if (chunk === '') return undefined;
    // A CR at the end of a chunk ends a line, and an LF at the start of the next chunk is skipped. Waiting for the LF
    // would delay events if the stream has no LFs.
    const text = this.#endsInCr && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    this.#endsInCr = chunk.endsWith('\r');
    this.#parser.feed(this.#endsInCr ? `${text}\n` : text);
    return this.#take();
  }

  /**
   * Returns the last event of a stream that has ended without a blank line. Drops the event if it has an id: the id may
   * be incomplete, and the server can replay the event.
   */
  end(): EventSourceMessage[] | undefined {
    if (this.#isTooLong) return undefined;
    this.#parser.feed('\n\n');
    if (this.#bareLines) this.#emit({ data: this.#bareLines.join('\n') });
    return this.#take()?.filter(({ id, data }) => id === undefined && isMessage(data));
  }

  #emit(event: EventSourceMessage): void {
    if (this.#events) this.#events.push(event);
    else this.#events = [event];
  }

  #take(): EventSourceMessage[] | undefined {
    const events = this.#events;
    this.#events = undefined;
    return events;
  }

  #takeBareLine(line: string): void {
    if (!this.#bareLines) {
      if (isMessage(line)) this.#emit({ data: line });
      else if (startsMessage(line)) this.#bareLines = [line];
      return;
    }
    this.#bareLines.push(line);
    this.#bareLength += line.length + 1;
    if (this.#bareLength > maxMessageLength) this.#isTooLong = true;
  }
}

function startsMessage(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** Whether a text is a complete, valid JSON object or array. */
function isMessage(text: string): boolean {
  if (!startsMessage(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
