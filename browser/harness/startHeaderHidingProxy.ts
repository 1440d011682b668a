import { createServer, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { onLoopback, type Served } from './onLoopback';

/** Serves as a proxy that removes the header with which a page can read the session id. */
export function forgetfulFront(target: string): Promise<Served> {
  const http = createServer((incoming, outgoing) => {
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, target), { method, headers }, (answer) => {
      const { 'access-control-expose-headers': _forgotten, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, rest);
      pipeline(answer, outgoing).catch(() => outgoing.destroy());
    });
    pipeline(incoming, onward).catch(() => outgoing.destroy());
  });
  return onLoopback(http);
}
