import { ListRootsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { defineTool } from '../defineTool';
import type { ExampleTool } from '../exampleTool';
import { textResult } from '../textResult';

/** A tool that requests the client's roots, on the stream of the call. */
export const readRoots = (): ExampleTool =>
  defineTool(
    'read_roots',
    'Asks the client for its roots and returns them',
    z.object({}),
    async (_, request) => {
      const { roots } = await request.sendRequest({ method: 'roots/list' }, ListRootsResultSchema);
      return { ...textResult(JSON.stringify(roots)), structuredContent: { roots } };
    },
    z.object({ roots: z.array(z.looseObject({ uri: z.string(), name: z.string().optional() })) }),
  );
