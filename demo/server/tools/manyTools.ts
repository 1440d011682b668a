import { z } from 'zod';
import { defineTool } from '../defineTool';
import type { ExampleTool } from '../exampleTool';
import { textResult } from '../textResult';

/** Tools that fill several pages. */
export const manyTools = (count: number): ExampleTool[] =>
  Array.from({ length: count }, (_, index) =>
    defineTool(`many_${index + 1}`, 'One of many', z.object({}), () => textResult(`Number ${index + 1}`)),
  );
