import { empty, stream, type IncomingRequest } from './responses';
import { type WorldServer } from './startWorldServer';

/** Answers a message that was posted. Can write to the stream of the session. */
type Respond = (incoming: IncomingRequest, write: (text: string) => void) => boolean;

/** Makes a server support only HTTP+SSE, with messages posted to `/messages`. */
export function serveHttpWithSse(server: WorldServer, respond: Respond): void {
  let write: (text: string) => void = () => undefined;
  server.answer((incoming) => {
    if (incoming.kind === 'GET') {
      const to = stream(incoming);
      write = (text) => void to.write(text);
      write('event: endpoint\ndata: /messages\n\n');
      return true;
    }
    if (incoming.path === '/mcp') return empty(incoming, 405);
    return respond(incoming, write);
  });
}
