import { mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, test } from 'vitest';
import { startServer, type TestServer } from '../startServer';
import { shows, startBuild, testToolList } from '../toolList';
import { mcp } from './mcp';
import ToolList from './ToolList.vue';

let server: TestServer;
let app: VueWrapper;

beforeEach(async () => {
  server = await startServer();
  app = mount(ToolList, { attachTo: document.body, global: { plugins: [[mcp, server.url]] } });
});
afterEach(async () => {
  app.unmount();
  await server.sessionEnded();
  await server.stop();
});

testToolList(() => server);

test('cancels the call and ends the session on the server when the app is unmounted', async () => {
  await shows('li', 'build', 'hello');
  await startBuild(server);
  app.unmount();
  await server.build('cancelled');
  await server.sessionEnded();
});
