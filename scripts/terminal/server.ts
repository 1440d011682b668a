// The server for the picture. Its messages produce each kind of line. ../terminal.ts starts and kills it.
import { createServer } from 'node:http';
import { MCPServer, tool, toNodeHandler } from 'rx-mcp/server';
import { BehaviorSubject, interval, map, Subject, switchMap, take } from 'rxjs';

const port = 3000;
const echo = tool('echo', {}, ({ text }: { text?: string }) => String(text));
const weather = tool('weather', {}, () => 'sunny');
const tools$ = new BehaviorSubject([echo]);
const server = new MCPServer({ name: 'tickets', version: '1.4.0' }, { tools: tools$, hosts: ['127.0.0.1'] });

const steps: readonly (() => unknown)[] = [
  () => server.notify('custom/ticket', { id: 4711, state: 'open' }),
  () => server.notify('notifications/message', { level: 'warning', logger: 'db', data: 'slow query, 812 ms' }),
  () => tools$.next([echo, weather]),
  () => server.notify('custom/ticket', { id: 4711, state: 'closed' }),
];
const listening$ = new Subject<void>();
listening$
  .pipe(
    take(1),
    switchMap(() => interval(700)),
    map((n) => steps[n]),
  )
  .subscribe((step) => void step?.());

const handle = toNodeHandler(server);
const http = createServer((request, response) => {
  handle(request, response);
  if (request.method === 'GET') listening$.next();
});
http.listen(port, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${port}/mcp`);
});
