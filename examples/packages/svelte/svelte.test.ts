import { progress } from 'rx-mcp/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../startServer';
import { start } from './start';

let server: TestServer;
let stop: () => Promise<void>;

beforeEach(async () => {
  server = await startServer();
  stop = start(server.url, document.body);
});
afterEach(async () => {
  await stop();
  await server.sessionEnded();
  await server.stop();
});

const texts = (selector: string): (string | null)[] =>
  [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);
const shows = (selector: string, ...expected: string[]): Promise<void> =>
  vi.waitFor(() => expect(texts(selector)).toEqual(expected), { timeout: 20_000 });

test('renders the tools, again when the server changes them and after it restarted', async () => {
  await shows('li', 'build', 'hello');
  server.tools$.next(['build', 'hello', 'weather']);
  await shows('li', 'build', 'hello', 'weather');
  server.net.down();
  await shows('p', 'reconnecting');
  await server.restart(['deploy']);
  await shows('li', 'deploy');
  await shows('p', 'connected');
}, 30_000);

test('renders progress, then the result', async () => {
  await shows('li', 'build', 'hello');
  document.querySelector('button')?.click();
  await server.build('started');
  server.build$.next(progress(1, 3));
  await shows('output', '1 of 3');
  server.build$.next('built');
  server.build$.complete();
  await shows('output', 'result');
});

test('cancels the call and ends the session on the server when it is unmounted', async () => {
  await shows('li', 'build', 'hello');
  document.querySelector('button')?.click();
  await server.build('started');
  await stop();
  stop = () => Promise.resolve();
  await server.build('cancelled');

  expect(texts('li')).toEqual([]);
});
