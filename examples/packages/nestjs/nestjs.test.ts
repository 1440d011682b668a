import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { EventSource } from 'eventsource';
import { progress } from 'rx-mcp/server';
import { filter, firstValueFrom, fromEvent, map, merge, type Observable, ReplaySubject } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer, type TestServer } from '../startServer';

interface Received {
  readonly type: string;
  readonly data: unknown;
}

let server: TestServer;
let url: string;
let stop: () => Promise<unknown>;
const sources: EventSource[] = [];

/** Starts the application in a separate process, with the URL of the MCP server. */
beforeEach(async () => {
  server = await startServer();
  const env = { ...process.env, MCP_URL: server.url, PORT: '0' };
  const app = spawn(process.execPath, ['--import', 'tsx', 'main.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(app, 'exit');
  stop = () => {
    app.kill('SIGTERM');
    return exited;
  };
  [url] = (await once(createInterface(app.stdout), 'line')) as [string];
});
afterEach(async () => {
  for (const source of sources.splice(0)) source.close();
  await stop();
  await server.stop();
});

/** Collects the events that a page of the application receives. */
function events(path: string, ...types: string[]): { source: EventSource; received$: Observable<Received> } {
  const source = new EventSource(`${url}/${path}`);
  sources.push(source);
  const received$ = new ReplaySubject<Received>();
  merge(...types.map((type) => fromEvent<MessageEvent<string>>(source, type)))
    .pipe(map(({ type, data }) => ({ type, data: JSON.parse(data) as unknown })))
    .subscribe(received$);
  return { source, received$ };
}

/** Resolves with the first event whose data contains a text. */
const eventWith = (received$: Observable<Received>, text: string): Promise<Received> =>
  firstValueFrom(received$.pipe(filter(({ data }) => JSON.stringify(data).includes(text))));

test('sends tools and notifications, across a restart of the server', async () => {
  const { received$: tools$ } = events('tools', 'message');
  const { received$ } = events('events', 'notification', 'gap');
  await eventWith(tools$, 'hello');
  server.tools$.next(['build', 'hello', 'weather']);
  await eventWith(tools$, 'weather');
  await server.server.notify('custom/alert', { disk: 'full' });
  const { data } = await eventWith(received$, 'custom/alert');
  await server.restart(['deploy']);

  expect(await eventWith(tools$, 'deploy')).toEqual({ type: 'message', data: ['deploy'] });
  expect((await eventWith(received$, 'since')).type).toBe('gap');
  expect(data).toEqual({ method: 'custom/alert', params: { disk: 'full' } });
});

test('sends progress, then the result', async () => {
  const { received$, source } = events('build', 'progress', 'result');
  await server.build('started');
  server.build$.next(progress(1, 2));
  await eventWith(received$, '"progress":1');
  server.build$.next('14 files');
  server.build$.complete();
  await eventWith(received$, '14 files');
  source.close();
});

test('cancels the call when the client leaves', async () => {
  const { source } = events('build', 'progress');
  await server.build('started');
  source.close();
  await server.build('cancelled');
});

test('ends the session and the open responses on SIGTERM', async () => {
  const { received$ } = events('tools', 'message');
  await eventWith(received$, 'hello');

  expect(await stop()).toEqual([null, 'SIGTERM']); // Nest raises the signal again after shutdown
  await server.sessionEnded();
});
