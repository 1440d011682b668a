import { z } from 'zod';
import { defineTool } from '../defineTool';
import type { ExampleSession } from '../exampleSession';
import type { ExampleTool } from '../exampleTool';
import { textResult } from '../textResult';

const input = z.object({ name: z.string().min(1) });

/** Tools that add an item to one of the lists, or remove it again, and announce the change. */
export function toggleTools({ server, tools, prompts, resources }: ExampleSession): ExampleTool[] {
  return [
    defineTool('toggle_tool', 'Adds or removes a tool of that name', input, async ({ name }) => {
      const added = toggle(tools, name, () =>
        defineTool(name, 'Was added while running', z.object({}), () => textResult(`This is ${name}`)),
      );
      await server.sendToolListChanged();
      return said(name, added);
    }),
    defineTool('toggle_prompt', 'Adds or removes a prompt of that name', input, async ({ name }) => {
      const added = toggle(prompts, name, () => ({ name, description: 'Was added while running' }));
      await server.sendPromptListChanged();
      return said(name, added);
    }),
    defineTool('toggle_resource', 'Adds or removes the resource memo://added/NAME', input, async ({ name }) => {
      const uri = `memo://added/${encodeURIComponent(name)}`;
      const added = toggle(resources, uri, () => ({ uri, name, mimeType: 'text/plain' }));
      await server.sendResourceListChanged();
      return said(uri, added);
    }),
  ];
}

/** Adds or removes an item. Returns whether the item exists afterwards. */
function toggle<Item>(items: Map<string, Item>, key: string, make: () => Item): boolean {
  if (items.delete(key)) return false;
  items.set(key, make());
  return true;
}

const said = (name: string, added: boolean) => textResult(`${added ? 'Added' : 'Removed'} ${name}`);
