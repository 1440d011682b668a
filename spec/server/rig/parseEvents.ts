import { createParser } from 'eventsource-parser';

/** Creates a parser for chunks of server-sent events, which also parses JSON data. */
export function parseEvents(): (chunk: Uint8Array) => { id?: string; data: unknown }[] {
  const decoder = new TextDecoder();
  let events: { id?: string; data: unknown }[] = [];
  const parser = createParser({
    onEvent: ({ id, data }) => {
      events.push({ ...(id !== undefined && { id }), data: data === '' ? '' : JSON.parse(data) });
    },
  });
  return (chunk) => {
    events = [];
    parser.feed(decoder.decode(chunk, { stream: true }));
    return events;
  };
}
