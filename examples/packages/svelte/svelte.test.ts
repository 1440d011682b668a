import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer, type TestServer } from '../startServer';
import { shows, startBuild, testToolList, texts } from '../toolList';
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

testToolList(() => server);

test('cancels the call and ends the session on the server when it is unmounted', async () => {
  await shows('li', 'build', 'hello');
  await startBuild(server);
  await stop();
  stop = () => Promise.resolve();
  await server.build('cancelled');

  expect(texts('li')).toEqual([]);
});
