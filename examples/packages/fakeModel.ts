import { simulateReadableStream } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';

type StreamPart =
  Awaited<ReturnType<MockLanguageModelV3['doStream']>>['stream'] extends ReadableStream<infer P> ? P : never;

/** The output of the model in one step: a tool call or text. */
export type Answer = { readonly call: string } | { readonly text: string };

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** A language model of the AI SDK that returns these answers, one per step. The tests simulate nothing else. */
export function fakeModel(...answers: readonly Answer[]): MockLanguageModelV3 {
  let step = 0;
  function next() {
    const answer = answers[step++] ?? { text: 'nothing more to say' };
    const call =
      'call' in answer
        ? ({ type: 'tool-call', toolCallId: `call-${step}`, toolName: answer.call, input: '{}' } as const)
        : undefined;
    const finishReason = { unified: call ? 'tool-calls' : 'stop', raw: undefined } as const;
    return { call, text: 'text' in answer ? answer.text : '', finishReason };
  }

  return new MockLanguageModelV3({
    async doGenerate() {
      const { call, text, finishReason } = next();
      return { content: [call ?? { type: 'text', text }], finishReason, usage, warnings: [] };
    },
    async doStream() {
      const { call, text, finishReason } = next();
      const parts: StreamPart[] = call
        ? [call]
        : [
            { type: 'text-start', id: '1' },
            { type: 'text-delta', id: '1', delta: text },
            { type: 'text-end', id: '1' },
          ];
      const chunks: StreamPart[] = [
        { type: 'stream-start', warnings: [] },
        ...parts,
        { type: 'finish', finishReason, usage },
      ];
      return { stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs: null }) };
    },
  });
}
