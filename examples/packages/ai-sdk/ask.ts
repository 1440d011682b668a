import { type LanguageModel, stepCountIs, streamText, type ToolSet } from 'ai';

/** Answers a prompt: yields a line for each progress update of a tool, then the text. */
export async function* ask(model: LanguageModel, tools: ToolSet, prompt: string, abortSignal?: AbortSignal) {
  const { fullStream } = streamText({ model, tools, prompt, abortSignal, stopWhen: stepCountIs(10) });
  for await (const part of fullStream) {
    if (part.type === 'tool-result' && part.preliminary) yield `${part.toolName}: ${JSON.stringify(part.output)}`;
    if (part.type === 'tool-error') yield `${part.toolName} failed: ${String(part.error)}`;
    if (part.type === 'text-delta') yield part.text;
  }
}
