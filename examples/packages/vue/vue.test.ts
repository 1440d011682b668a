import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { progress } from 'rx-mcp/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../startServer';
import { mcp } from './mcp';
import ToolList from './ToolList.vue';

let server: TestServer;
let app: VueWrapper;

beforeEach(async () => {
  server = await startServer();
  app = mount(ToolList, { global: { plugins: [[mcp, server.url]] } });
});
afterEach(async () => {
  app.unmount();
  await server.sessionEnded();
  await server.stop();
});

const shows = (selector: string, ...expected: string[]): Promise<void> =>
  vi.waitFor(() => expect(app.findAll(selector).map((found) => found.text())).toEqual(expected), { timeout: 20_000 });

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
  await app.get('button').trigger('click');
  await server.build('started');
  server.build$.next(progress(1, 3));
  await shows('output', '1 of 3');
  server.build$.next('built');
  server.build$.complete();
  await shows('output', 'result');
});

test('cancels the call and ends the session on the server when the app is unmounted', async () => {
  await shows('li', 'build', 'hello');
  await app.get('button').trigger('click');
  await flushPromises();
  await server.build('started');
  app.unmount();
  await server.build('cancelled');
  await server.sessionEnded();
});
