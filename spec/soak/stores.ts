/**
 * The kinds of event stores. One is selected at random for each start of the server. The SDK's example store is not included,
 * because it replays events of the same millisecond in any order.
 */
export const stores = ['none', 'correct', 'inclusive'] as const;
