/** Calls with a button and a key, by the name of the button. */
export const presets: Readonly<Record<string, { tool: string; args: Record<string, unknown> }>> = {
  long: { tool: 'long_task', args: { steps: 40, delayMs: 150, name: 'render' } },
  burst: { tool: 'burst', args: { count: 1_000 } },
  toggle: { tool: 'toggle_tool', args: { name: 'weather' } },
};
