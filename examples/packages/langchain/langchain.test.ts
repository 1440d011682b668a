import { AIMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { createAgent } from 'langchain';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { progress } from 'rx-mcp/server';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer, type TestServer } from '../startServer';
import { liveTools } from './liveTools';

let server: TestServer;
let session: MCPSession;

beforeEach(async () => {
  server = await startServer();
  session = new MCPSession(new HttpConnector(server.url));
  await session.connect();
});
afterEach(async () => {
  await session.disconnect();
  await server.sessionEnded();
  await server.stop();
});

const listWith = (name: string) =>
  firstValueFrom(session.tools$.pipe(filter((tools) => tools.some((tool) => tool.name === name))));
const input = { messages: [{ role: 'user', content: 'Go on' }] };

test('streams progress, and passes the result to the model', async () => {
  const model = fakeModel()
    .respondWithTools([{ name: 'build', args: {} }])
    .respond(new AIMessage('It is built.'));
  const agent = createAgent({ model, middleware: [await liveTools(session)] });
  const chunks: unknown[] = [];
  const running = (async () => {
    for await (const chunk of await agent.stream(input, { streamMode: 'custom' })) chunks.push(chunk);
  })();
  await server.build('started');
  server.build$.next(progress(1, 2, 'compiling'));
  server.build$.next('14 files');
  server.build$.complete();
  await running;

  expect(chunks).toEqual([{ tool: 'build', progress: 1, total: 2, message: 'compiling' }]);
  expect(model.calls[1]?.messages.at(-1)?.content).toBe('14 files');
});

test('offers the current tools, during a run and after a restart of the server', async () => {
  const offered: unknown[] = [];
  const model = fakeModel()
    .respondWithTools([{ name: 'build', args: {} }])
    .respondWithTools([{ name: 'weather', args: {} }])
    .respond(new AIMessage('It is sunny.'))
    .respondWithTools([{ name: 'deploy', args: {} }])
    .respond(new AIMessage('It is deployed.'));
  const bindTools = model.bindTools.bind(model);
  model.bindTools = (tools) => {
    offered.push(tools.map(({ name }) => name));
    return bindTools(tools);
  };
  const agent = createAgent({ model, middleware: [await liveTools(session)] });
  const first = agent.invoke(input);
  await server.build('started');
  server.tools$.next(['build', 'hello', 'weather']);
  await listWith('weather');
  server.build$.next('14 files');
  server.build$.complete();
  await first;
  await server.restart(['deploy']);
  await listWith('deploy');
  const { messages } = await agent.invoke(input);

  expect(offered.slice(0, 2)).toEqual([
    ['build', 'hello'],
    ['build', 'hello', 'weather'],
  ]);
  expect(offered.at(-1)).toEqual(['deploy']);
  expect(messages.map(({ content }) => content)).toContain('deploy was called');
});

test('cancels the call on the server when the run is aborted', async () => {
  const model = fakeModel().respondWithTools([{ name: 'build', args: {} }]);
  const agent = createAgent({ model, middleware: [await liveTools(session)] });
  const controller = new AbortController();
  const running = agent.invoke(input, { signal: controller.signal });
  await server.build('started');
  controller.abort();

  await expect(running).rejects.toThrow();
  await server.build('cancelled');
});
