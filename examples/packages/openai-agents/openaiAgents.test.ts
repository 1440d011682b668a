import { Agent, type Model, type ModelRequest, type ModelResponse, Runner, Usage } from '@openai/agents';
import type { Progress } from 'rx-mcp';
import { progress } from 'rx-mcp/server';
import { expect } from 'vitest';
import { createSessionTest, listWith } from '../sessionTest';
import { sessionServer } from './sessionServer';

/** A model that returns these answers, one per turn. The tests simulate nothing else. */
class FakeModel implements Model {
  readonly requests: ModelRequest[] = [];

  constructor(private readonly answers: readonly ({ call: string } | { text: string })[]) {}

  async getResponse(request: ModelRequest): Promise<ModelResponse> {
    this.requests.push(request);
    const answer = this.answers[this.requests.length - 1] ?? { text: 'nothing more to say' };
    return {
      usage: new Usage(),
      output: [
        'call' in answer
          ? { type: 'function_call', callId: `call-${this.requests.length}`, name: answer.call, arguments: '{}' }
          : {
              type: 'message',
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text: answer.text }],
            },
      ],
    };
  }

  getStreamedResponse(): never {
    throw new Error('FakeModel: streaming is not simulated');
  }

  /** The names of the tools that a turn could call. */
  offered(turn: number): string[] | undefined {
    return this.requests[turn]?.tools.map(({ name }) => name);
  }
}

const runner = new Runner({ tracingDisabled: true });
const test = createSessionTest();

test('calls a tool, reports its progress and passes its result to the model', async ({ server, session }) => {
  const model = new FakeModel([{ call: 'build' }, { text: 'It is built.' }]);
  const reported: unknown[] = [];
  const onProgress = (tool: string, { progress }: Progress) => reported.push([tool, progress]);
  const agent = new Agent({ name: 'builder', model, mcpServers: [sessionServer(session, { onProgress })] });
  const running = runner.run(agent, 'Build it');
  await server.build('started');
  server.build$.next(progress(1, 2));
  server.build$.next('14 files');
  server.build$.complete();

  expect((await running).finalOutput).toBe('It is built.');
  expect(reported).toEqual([['build', 1]]);
  expect(JSON.stringify(model.requests[1]?.input)).toContain('14 files');
});

test('offers the current tools, during a run and after a restart of the server', async ({ server, session }) => {
  const model = new FakeModel([{ call: 'build' }, { text: 'done' }, { call: 'deploy' }, { text: 'deployed' }]);
  const agent = new Agent({ name: 'builder', model, mcpServers: [sessionServer(session)] });
  const running = runner.run(agent, 'Build it');
  await server.build('started');
  server.tools$.next(['build', 'weather']);
  await listWith(session, 'weather');
  server.build$.next('14 files');
  server.build$.complete();
  await running;
  await server.restart(['deploy']);
  await listWith(session, 'deploy');
  const { finalOutput } = await runner.run(agent, 'Deploy it');

  expect(finalOutput).toBe('deployed');
  expect([0, 1, 2].map((turn) => model.offered(turn))).toEqual([['build', 'hello'], ['build', 'weather'], ['deploy']]);
  expect(JSON.stringify(model.requests[3]?.input)).toContain('deploy was called');
  expect(server.net.received('tools/list')).toHaveLength(3);
});

test('cancels the call on the server when the run is aborted', async ({ server, session }) => {
  const model = new FakeModel([{ call: 'build' }]);
  const agent = new Agent({ name: 'builder', model, mcpServers: [sessionServer(session)] });
  const controller = new AbortController();
  const running = runner.run(agent, 'Build it', { signal: controller.signal });
  running.catch(() => undefined);
  await server.build('started');
  controller.abort();
  await server.build('cancelled');
});
