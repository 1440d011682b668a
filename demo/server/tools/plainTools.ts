import { z } from 'zod';
import { defineTool } from '../defineTool';
import type { ExampleTool } from '../exampleTool';
import { textResult } from '../textResult';

/** Tools that respond immediately: with text, with structured content, with an error, or by exiting. */
export const plainTools = (): ExampleTool[] => [
  defineTool('echo', 'Says the text back', z.object({ text: z.string() }), ({ text }) => textResult(text)),
  defineTool(
    'add',
    'Adds two numbers',
    z.object({ a: z.number(), b: z.number() }),
    ({ a, b }) => ({ ...textResult(String(a + b)), structuredContent: { sum: a + b } }),
    z.object({ sum: z.number() }),
  ),
  defineTool('fail', 'Responds with an error result', z.object({}), () => ({
    ...textResult('This tool always fails'),
    isError: true,
  })),
  defineTool('crash', 'Ends the server process without a response', z.object({}), () => process.exit(1)),
];
