import { AIMessage } from '@langchain/core/messages';
import { fakeModel } from '@langchain/core/testing';
import { createAgent } from 'langchain';
import { progress } from 'rx-mcp/server';
import { expect } from 'vitest';
import { createSessionTest, listWith } from '../sessionTest';
import { liveTools } from './liveTools';

const test = createSessionTest();
const input = { messages: [{ role: 'user', content: 'Go on' }] };

test('streams progress, and passes the result to the model', async ({ server, session }) => {
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

test('offers the current tools, during a run and after a restart of the server', async ({ server, session }) => {
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
  await listWith(session, 'weather');
  server.build$.next('14 files');
  server.build$.complete();
  await first;
  await server.restart(['deploy']);
  await listWith(session, 'deploy');
  const { messages } = await agent.invoke(input);

  expect(offered.slice(0, 2)).toEqual([
    ['build', 'hello'],
    ['build', 'hello', 'weather'],
  ]);
  expect(offered.at(-1)).toEqual(['deploy']);
  expect(messages.map(({ content }) => content)).toContain('deploy was called');
});

test('cancels the call on the server when the run is aborted', async ({ server, session }) => {
  const model = fakeModel().respondWithTools([{ name: 'build', args: {} }]);
  const agent = createAgent({ model, middleware: [await liveTools(session)] });
  const controller = new AbortController();
  const running = agent.invoke(input, { signal: controller.signal });
  await server.build('started');
  controller.abort();

  await expect(running).rejects.toThrow();
  await server.build('cancelled');
});
