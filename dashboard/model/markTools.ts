import type { ListDiff, Tool } from 'rx-mcp';

/** A tool, with a mark for its latest change. */
export interface MarkedTool {
  readonly tool: Tool;
  readonly mark: 'added' | 'changed' | 'removed' | undefined;
}

/** Returns the current tools, followed by the removed ones, each with a mark for its change. */
export function markTools(tools: readonly Tool[], { added, changed, removed }: ListDiff<Tool>): MarkedTool[] {
  const names = (list: readonly Tool[]) => new Set(list.map(({ name }) => name));
  const [isAdded, isChanged] = [names(added), names(changed)];
  return [
    ...tools.map((tool): MarkedTool => {
      const { name } = tool;
      return { tool, mark: isAdded.has(name) ? 'added' : isChanged.has(name) ? 'changed' : undefined };
    }),
    ...removed.map((tool): MarkedTool => ({ tool, mark: 'removed' })),
  ];
}
