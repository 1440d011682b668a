/** A body whose first chunks have been read. */
export interface StartedBody {
  reader: ReadableStreamDefaultReader<Uint8Array>;
  start: readonly Uint8Array[];
}

/** Matches the beginning of an event stream: a field or a comment. */
const startsEvents = /^\s*(?:(?:data|event|id|retry)\s*:|:)/;

/**
 * Matches text that is long enough to recognize an event stream: longer than any field name, or the beginning of
 * another format.
 */
const isDecisive = /^\s*(?:[^\s][^]{5}|[:[{<"])/;

/** The maximum length of white space at the beginning of an event stream, in characters. */
const maxBlankLength = 1_024;

/** Reads the first chunks of a body, to determine whether it is an event stream regardless of its `Content-Type`. */
export async function startBody(body: ReadableStream<Uint8Array>): Promise<StartedBody & { isEventStream: boolean }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const start: Uint8Array[] = [];
  let text = '';
  while (!isDecisive.test(text) && text.length < maxBlankLength) {
    const { value, done } = await reader.read();
    if (done) break;
    start.push(value);
    text += decoder.decode(value, { stream: true });
  }
  return { reader, start, isEventStream: startsEvents.test(text) };
}

/** Returns the complete body, including the chunks that have been read. */
export function completeBody({ reader, start }: StartedBody): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of start) controller.enqueue(chunk);
    },
    async pull(controller) {
      const { value, done } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
