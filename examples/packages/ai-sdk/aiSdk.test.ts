import { generateText, stepCountIs } from 'ai';
import { progress } from 'rx-mcp/server';
import { expect } from 'vitest';
import { fakeModel } from '../fakeModel';
import { createSessionTest, listWith } from '../sessionTest';
import { ask } from './ask';
import { liveTools } from './liveTools';

const test = createSessionTest();

test('streams progress as preliminary results, then the answer', async ({ server, session }) => {
  const model = fakeModel({ call: 'build' }, { text: 'It is built.' });
  const lines: string[] = [];
  const asking = (async () => {
    for await (const line of ask(model, await liveTools(session), 'Build it')) lines.push(line);
  })();
  await server.build('started');
  server.build$.next(progress(1, 2));
  server.build$.next(progress(2, 2));
  server.build$.next('14 files');
  server.build$.complete();
  await asking;

  expect(lines).toEqual([
    expect.stringContaining('"progress":1'),
    expect.stringContaining('"progress":2'),
    expect.stringContaining('14 files'),
    'It is built.',
  ]);
  expect(JSON.stringify(model.doStreamCalls[1]?.prompt)).toContain('14 files');
});

test('offers the current tools in each step', async ({ server, session }) => {
  const tools = await liveTools(session);
  const model = fakeModel({ call: 'hello' }, { text: 'done' });
  await generateText({
    model,
    tools,
    prompt: 'Say hello',
    stopWhen: stepCountIs(3),
    prepareStep: async ({ stepNumber }) => {
      if (stepNumber === 0) return;
      server.tools$.next(['build', 'hello', 'weather']);
      await listWith(session, 'weather');
      return {};
    },
  });

  expect(model.doGenerateCalls.map((call) => call.tools?.map(({ name }) => name))).toEqual([
    ['build', 'hello'],
    ['build', 'hello', 'weather'],
  ]);
});

test('calls the tools of the restarted server', async ({ server, session }) => {
  const tools = await liveTools(session);
  await server.restart(['deploy', 'hello']);
  await listWith(session, 'deploy');
  const model = fakeModel({ call: 'deploy' }, { text: 'done' });
  const { steps } = await generateText({ model, tools, prompt: 'Deploy', stopWhen: stepCountIs(3) });

  expect(JSON.stringify(steps[0]?.toolResults)).toContain('deploy was called');
});

test('cancels the call on the server when the run is aborted', async ({ server, session }) => {
  const controller = new AbortController();
  const asking = (async () => {
    const model = fakeModel({ call: 'build' });
    for await (const _ of ask(model, await liveTools(session), 'Build it', controller.signal)) continue;
  })();
  await server.build('started');
  controller.abort();
  await server.build('cancelled');
  await asking;
});

test('passes the error of a tool to the model', async ({ server, session }) => {
  const model = fakeModel({ call: 'build' }, { text: 'It failed.' });
  const running = generateText({
    model,
    tools: await liveTools(session),
    prompt: 'Build it',
    stopWhen: stepCountIs(3),
  });
  await server.build('started');
  server.build$.error(new Error('the disk is full'));

  expect((await running).text).toBe('It failed.');
  expect(JSON.stringify(model.doGenerateCalls[1]?.prompt)).toContain('the disk is full');
});
