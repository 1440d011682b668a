import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundlePage } from './bundlePage';
import { controls } from './controls';
import type { ManagedServer } from './managedServer';

/** The served page. */
export interface ServedDashboard {
  readonly origin: string;
  close(): Promise<void>;
}

/** The page may load its own files, connect to servers on the loopback interface, and not convert text to code or markup. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self' http://127.0.0.1:*",
  "require-trusted-types-for 'script'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  json: 'application/json',
};

interface Content {
  readonly type: keyof typeof types;
  readonly text: string;
}

/** Serves the page on the loopback interface. Kills and starts the servers on request of the page. */
export async function serveDashboard(port: number, servers: readonly ManagedServer[]): Promise<ServedDashboard> {
  const read = (name: string) => readFile(new URL(`../page/${name}`, import.meta.url), 'utf8');
  const [html, css, icon, js] = await Promise.all([
    read('index.html'),
    read('style.css'),
    read('icon.svg'),
    bundlePage(),
  ]);
  const contents: Record<string, Content> = {
    '/': { type: 'html', text: html },
    '/style.css': { type: 'css', text: css },
    '/icon.svg': { type: 'svg', text: icon },
    '/main.js': { type: 'js', text: js },
  };
  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });

  async function answer({ method, url = '/', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    // A different host name for this address may belong to another page.
    if (headers.host !== host()) return void response.writeHead(421).end();
    const known = url === '/servers.json' ? { type: 'json' as const, text: JSON.stringify(list()) } : contents[url];
    if (method === 'GET' && known) {
      const type = `${types[known.type]}; charset=utf-8`;
      return void response
        .writeHead(200, { 'content-type': type, 'content-security-policy': policy, 'cache-control': 'no-store' })
        .end(known.text);
    }
    const server = servers.find(({ name }) => url.startsWith(`/servers/${name}/`));
    const control = controls.find((each) => url === `/servers/${server?.name}/${each}`);
    if (method !== 'POST' || !server || !control) return void response.writeHead(404).end();
    if (headers.origin !== `http://${host()}`) return void response.writeHead(403).end();
    await server[control]();
    response.writeHead(204).end();
  }

  const list = () => servers.map(({ name, url }) => ({ name, url }));
  const host = () => `127.0.0.1:${(http.address() as AddressInfo).port}`;

  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  return {
    origin: `http://${host()}`,
    close: async () => {
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await closed;
    },
  };
}
