import { createServer } from 'node:http';
import { onLoopback, type Served } from './onLoopback';

/** Nothing but its own script, servers on the loopback interface, and no text that becomes code. */
const policy =
  "default-src 'none'; script-src 'self'; connect-src http://127.0.0.1:*; require-trusted-types-for 'script'";

/** Serves a page that has one script and is empty otherwise. */
export function servePage(code: string): Promise<Served> {
  const http = createServer(({ url }, response) => {
    if (url === '/') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
      response.end('<!doctype html><title>rx-mcp</title><script type="module" src="/main.js"></script>');
    } else if (url === '/main.js') {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(code);
    } else {
      response.writeHead(404).end();
    }
  });
  return onLoopback(http);
}
