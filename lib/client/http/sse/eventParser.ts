import { createParser, type EventSourceMessage, type EventSourceParser } from 'eventsource-parser';

/** The maximum size of an event, in characters. */
export const maxMessageLength = 64 * 1024 * 1024;

/**
 * Parses the text of an event stream, in chunks of any size. Also accepts bare JSON messages, which some servers send
 * without `data:`.
 */
export class EventParser {
  readonly #parser: EventSourceParser;
  readonly #onTooLong: (error: Error) => void;
  readonly #events: EventSourceMessage[] = [];
  /** The lines so far of a bare JSON message that spans several lines. */
  #bareLines: string[] | undefined;
  #bareLength = 0;
  #endsInCr = false;

  /**
   * @param onRetry - called with each `retry` field, in milliseconds.
   * @param onTooLong - called if an event exceeds {@link maxMessageLength}. The stream must then be closed.
   */
  constructor(onRetry: (delay: number) => void, onTooLong: (error: Error) => void) {
    this.#onTooLong = onTooLong;
    this.#parser = createParser({
      onEvent: (event) => {
        this.#events.push(event);
      },
      onError: ({ type, line }) => {
        if (type === 'max-buffer-size-exceeded') this.#reportLength();
        if (type === 'unknown-field' && line) this.#takeBareLine(line);
      },
      onRetry,
      maxBufferSize: maxMessageLength,
    });
  }

  /** Parses a chunk, and returns the events that end in it. */
  feed(chunk: string): EventSourceMessage[] {
    if (chunk === '') return [];
    // A CR at the end of a chunk ends a line, and an LF at the start of the next chunk is skipped. Waiting for the LF
    // would delay events if the stream has no LFs.
    const text = this.#endsInCr && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    this.#endsInCr = chunk.endsWith('\r');
    this.#parser.feed(this.#endsInCr ? `${text}\n` : text);
    return this.#events.splice(0);
  }

  /**
   * Returns the last event of a stream that has ended without a blank line. Drops the event if it has an id: the id may
   * be incomplete, and the server can replay the event.
   */
  end(): EventSourceMessage[] {
    this.#parser.feed('\n\n');
    if (this.#bareLines) this.#events.push({ data: this.#bareLines.join('\n') });
    return this.#events.filter(({ id, data }) => id === undefined && isMessage(data));
  }

  #takeBareLine(line: string): void {
    if (!this.#bareLines) {
      if (isMessage(line)) this.#events.push({ data: line });
      else if (startsMessage(line)) this.#bareLines = [line];
      return;
    }
    this.#bareLines.push(line);
    this.#bareLength += line.length + 1;
    if (this.#bareLength > maxMessageLength) this.#reportLength();
  }

  #reportLength(): void {
    this.#onTooLong(new Error(`event exceeds ${String(maxMessageLength)} characters`));
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
