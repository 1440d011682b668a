import { createServer } from 'node:http';
import { onLoopback, type Served } from './onLoopback';

/** Allows only the page's own script and servers on the loopback interface, and does not allow converting text to code. */
const policy =
  "default-src 'none'; script-src 'self'; connect-src http://127.0.0.1:*; require-trusted-types-for 'script'";

/** Serves an empty page with one script. */
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
