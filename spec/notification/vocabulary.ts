/** What operators and notifications are made up of, so that they meet. */
export const vocabulary = {
  custom: ['custom/one', 'custom/two', 'custom/three'],
  lists: ['tools', 'prompts', 'resources'],
  tokens: ['1', 1, 0, 't'],
  uris: ['file:///a', 'file:///b', ''],
} as const;
