/** The parts of operators and notifications, shared so that they match. */
export const vocabulary = {
  custom: ['custom/one', 'custom/two', 'custom/three'],
  lists: ['tools', 'prompts', 'resources'],
  tokens: ['1', 1, 0, 't'],
  uris: ['file:///a', 'file:///b', ''],
} as const;
