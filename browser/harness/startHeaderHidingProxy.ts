import { createServer, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { onLoopback, type Served } from './onLoopback';

/** Starts a proxy that removes the header that lets a page read the session id. */
export function startHeaderHidingProxy(target: string): Promise<Served> {
  const http = createServer((incoming, outgoing) => {
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, target), { method, headers }, (answer) => {
      const { 'access-control-expose-headers': _hidden, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, rest);
      pipeline(answer, outgoing).catch(() => outgoing.destroy());
    });
    pipeline(incoming, onward).catch(() => outgoing.destroy());
  });
  return onLoopback(http);
}
