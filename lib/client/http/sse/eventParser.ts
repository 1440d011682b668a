/** An event of an event stream. */
export interface EventSourceMessage {
  id?: string | undefined;
  /** The type of the event. Default: `message`. */
  event?: string | undefined;
  data: string;
}

/** The maximum size of an event, in characters. */
export const maxMessageLength = 64 * 1024 * 1024;

/**
 * Parses the text of an event stream, in chunks of any size. Accepts JSON messages that are not wrapped in an event.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class EventParser {
  readonly #onRetry: (delay: number) => void;
  /** The events of the current chunk. */
  #events: EventSourceMessage[] | undefined;
  /** The fields of the current event. */
  #id: string | undefined;
  #type: string | undefined;
  #data: string | undefined;
  /** The line that has not ended yet. */
  #rest = '';
  #endsInCr = false;
  /** The lines of a bare message that spans several lines. */
  #bare: string | undefined;

  /** @param onRetry - called with each `retry` field, in milliseconds. */
  constructor(onRetry: (delay: number) => void) {
    this.#onRetry = onRetry;
  }

  /** Whether the current event exceeds `maxMessageLength`. The stream cannot be read further. */
  get isTooLong(): boolean {
    return this.#rest.length + (this.#data ?? '').length + (this.#bare ?? '').length > maxMessageLength;
  }

  /** Returns the events that end in a chunk, or `undefined` if there are none. */
  feed(chunk: string): EventSourceMessage[] | undefined {
    if (chunk === '') return undefined;
    // A CR ends a line even if its LF is in the next chunk. Waiting for the LF would delay the events of a stream without LFs.
    const text = this.#endsInCr && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    this.#endsInCr = chunk.endsWith('\r');
    return this.#read(text);
  }

  /**
   * Returns the message at the end of an ended stream that lacks its blank line. An event with an id is dropped, because the rest of
   * the id may be missing, and the server can replay the event.
   */
  end(): EventSourceMessage[] | undefined {
    const events = this.#read('\n\n') ?? [];
    if (this.#bare !== undefined) events.push({ data: this.#bare });
    return events.filter(({ id, data }) => id === undefined && isMessage(data));
  }

  #read(text: string): EventSourceMessage[] | undefined {
    this.#events = undefined;
    let start = 0;
    let cr = indexIn(text, '\r', start);
    let lf = indexIn(text, '\n', start);
    for (let end = Math.min(cr, lf); end < text.length; end = Math.min(cr, lf)) {
      this.#takeLine(this.#rest + text.slice(start, end));
      this.#rest = '';
      start = end + (end === cr && lf === cr + 1 ? 2 : 1);
      if (cr < start) cr = indexIn(text, '\r', start);
      if (lf < start) lf = indexIn(text, '\n', start);
    }
    this.#rest += text.slice(start);
    return this.#events;
  }

  #takeLine(line: string): void {
    const colon = line.indexOf(':');
    const value = colon === -1 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    switch (colon === -1 ? line : line.slice(0, colon)) {
      case 'data':
        this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
        break;
      case 'event':
        this.#type = value || undefined;
        break;
      case 'id':
        if (!value.includes('\0')) this.#id = value;
        break;
      case 'retry':
        if (/^\d+$/.test(value)) this.#onRetry(Number(value));
        break;
      case '':
        if (line === '') this.#endEvent();
        break;
      default:
        this.#takeBareLine(line);
    }
  }

  #endEvent(): void {
    if (this.#data !== undefined) this.#emit({ id: this.#id, event: this.#type, data: this.#data });
    this.#id = this.#type = this.#data = undefined;
  }

  #takeBareLine(line: string): void {
    if (this.#bare !== undefined) this.#bare += `\n${line}`;
    else if (isMessage(line)) this.#emit({ data: line });
    else if (startsMessage(line)) this.#bare = line;
  }

  #emit(event: EventSourceMessage): void {
    if (this.#events) this.#events.push(event);
    else this.#events = [event];
  }
}

/** Returns the position of the next such character, or the length of the text. */
function indexIn(text: string, character: string, start: number): number {
  const index = text.indexOf(character, start);
  return index === -1 ? text.length : index;
}

function startsMessage(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** Whether a text is a complete JSON object or array. */
function isMessage(text: string): boolean {
  if (!startsMessage(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
